"""Every report that may be too much for a web request, and what computes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from annotator.core.plain import plain
from annotator.items.grouping import grouping_of, of_images
from annotator.measurements.generators import by_generator
from annotator.projects.models import Batch, Project
from annotator.reports.agreement import agreement_of
from annotator.reports.annotators.report import portraits_of_annotators
from annotator.reports.bias import BiasReport, side_bias_of
from annotator.reports.leaderboard import leaderboard_report_of
from annotator.reports.metrics.disagreements import disagreements_of
from annotator.reports.metrics.points import points_of
from annotator.reports.metrics.powered import powered_of
from annotator.reports.metrics.replaceable import check_dimension, replaceable_of
from annotator.reports.metrics.report import check_asked, metrics_report_of
from annotator.reports.metrics.rivals import check_rivals, rivals_of
from annotator.reports.metrics.steps import steps_of
from annotator.reports.people import AnnotatorsReport, work_of_annotators
from annotator.reports.progress import progress_of
from annotator.reports.qc import qc_of


class ReportName(StrEnum):
    """A report of a project, by the name of its rows.

    A number in it rises with the report's shape: what was stored of an older one is not sent.
    """

    PROGRESS = "progress.2"
    ANNOTATORS = "annotators"
    PORTRAITS = "annotators.portraits"
    AGREEMENT = "agreement.3"
    LEADERBOARD = "leaderboard.4"
    BIAS = "bias"
    GENERATORS = "generators.2"
    QC = "qc"
    METRICS = "metrics"
    POINTS = "metrics.points"
    DISAGREEMENTS = "metrics.disagreements"
    RIVALS = "metrics.rivals"
    POWERED = "metrics.powered"
    REPLACEABLE = "metrics.replaceable"
    STEPS = "metrics.steps"


Asked = Mapping[str, str]


def _asked_well(_project: Project, _asked: Asked) -> None:
    """For reports of which nothing is asked but the whole."""


@dataclass(frozen=True, slots=True)
class _Computed:
    """`compute` answers a dataclass. `check` is quick: it raises Invalid for what there is not."""

    compute: Callable[[Project, datetime, Asked], object]
    check: Callable[[Project, Asked], None] = _asked_well


def _batch(project: Project, asked: Asked) -> Batch:
    batch: Batch = project.batches.get(pk=asked["batch"])
    return batch


def _check_parts(project: Project, asked: Asked) -> None:
    grouping_of(project, asked["by"])


def _check_labels(project: Project, asked: Asked) -> None:
    of_images(project, asked["by"])


def _check_cell(project: Project, asked: Asked) -> None:
    check_asked(project, dimension=asked["dimension"], metric=asked["metric"])
    of_images(project, asked.get("by", ""))


_REPORTS: Mapping[ReportName, _Computed] = {
    ReportName.PROGRESS: _Computed(
        lambda project, now, _: progress_of(
            project, now=now, annotators=work_of_annotators(project)
        )
    ),
    ReportName.ANNOTATORS: _Computed(
        lambda project, _, __: AnnotatorsReport(work_of_annotators(project))
    ),
    ReportName.PORTRAITS: _Computed(
        lambda project, now, _: portraits_of_annotators(project, now=now)
    ),
    ReportName.AGREEMENT: _Computed(lambda project, _, __: agreement_of(project)),
    ReportName.LEADERBOARD: _Computed(
        lambda project, _, asked: leaderboard_report_of(project, **asked),
        _check_parts,
    ),
    ReportName.BIAS: _Computed(lambda project, _, __: BiasReport(side_bias_of(project))),
    ReportName.GENERATORS: _Computed(
        lambda project, _, asked: by_generator(project, **asked),
        _check_labels,
    ),
    ReportName.QC: _Computed(lambda project, _, asked: qc_of(_batch(project, asked))),
    ReportName.METRICS: _Computed(
        lambda project, _, asked: metrics_report_of(project, **asked), _check_cell
    ),
    ReportName.POINTS: _Computed(
        lambda project, _, asked: points_of(project, **asked), _check_cell
    ),
    ReportName.DISAGREEMENTS: _Computed(
        lambda project, _, asked: disagreements_of(project, **asked), _check_cell
    ),
    ReportName.POWERED: _Computed(
        lambda project, _, asked: powered_of(project, **asked), _check_cell
    ),
    ReportName.REPLACEABLE: _Computed(
        lambda project, _, asked: replaceable_of(project, **asked),
        lambda project, asked: check_dimension(project, **asked),
    ),
    ReportName.STEPS: _Computed(
        lambda project, _, asked: steps_of(project, **asked),
        lambda project, asked: check_dimension(project, dimension=asked["dimension"]),
    ),
    ReportName.RIVALS: _Computed(
        lambda project, _, asked: rivals_of(project, **asked),
        lambda project, asked: check_rivals(project, **asked),
    ),
}


def check(project: Project, name: ReportName, asked: Asked) -> None:
    """Raises Invalid for something asked that there is not."""
    _REPORTS[name].check(project, asked)


def compute(project: Project, name: ReportName, asked: Asked, *, now: datetime) -> dict[str, Any]:
    """The report as the API sends it."""
    found: dict[str, Any] = plain(_REPORTS[name].compute(project, now, asked))
    return found
