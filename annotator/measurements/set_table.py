"""What can be asked of generators' sets: every one's newest values, for managers."""

from dataclasses import dataclass, field
from datetime import datetime

from annotator.accounts.models import Role, User
from annotator.core.errors import NotFound
from annotator.core.reasons import Reason, from_json
from annotator.jobs.models import JobState
from annotator.measurements.models import SetMeasurement
from annotator.measurements.selectors import MeasuringProgress
from annotator.projects.models import Project
from annotator.projects.selectors import project_for


@dataclass(frozen=True, slots=True)
class SetReference:
    """What a set was compared with."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class SetRow:
    """One metric of one generator's set."""

    id: int
    metric: str
    version: str
    generator: str
    reference: SetReference | None = field(metadata={"help": "Null: it needs none."})
    zero_shot: bool = field(metadata={"help": "Published as zero-shot: zs_fid."})
    n: int = field(metadata={"help": "Images of the set that were used."})
    n_reference: int | None
    value: float | None
    spread: float | None = field(
        metadata={"help": "Standard deviation over subsets (KID) or splits (IS)."}
    )
    state: JobState
    reasons: list[Reason] = field(
        metadata={"help": "Why there is no value; beside one, why not to lean on it."}
    )
    network: str
    device: str
    dtype: str
    weights: str = field(metadata={"help": "SHA-256."})
    at: datetime | None

    @property
    def label(self) -> str:
        """The name that it is published by: FID against a zero-shot reference is zs_fid."""
        return f"zs_{self.metric}" if self.zero_shot else self.metric


@dataclass(frozen=True, slots=True)
class SetTable:
    """All sets of a project."""

    progress: MeasuringProgress = field(metadata={"help": "In values."})
    results: list[SetRow]


def measured_sets(project: Project) -> SetTable:
    """The newest value of each set and metric (1 query)."""
    rows = SetMeasurement.objects.filter(project=project, current=True).select_related("reference")
    results = [_row(row) for row in rows.order_by("reference_id", "metric", "generator", "pk")]
    states = [row.state for row in results]
    progress = MeasuringProgress(
        done=states.count(JobState.DONE), total=len(states), failed=states.count(JobState.FAILED)
    )
    return SetTable(progress, results)


def _row(row: SetMeasurement) -> SetRow:
    reference = row.reference
    return SetRow(
        id=row.pk,
        metric=row.metric,
        version=row.version,
        generator=row.generator,
        reference=None if reference is None else SetReference(reference.pk, reference.name),
        zero_shot=reference is not None and reference.zero_shot,
        n=row.n,
        n_reference=row.n_reference,
        value=row.value,
        spread=row.spread,
        state=JobState(row.state),
        reasons=[from_json(reason) for reason in row.reasons],
        network=row.network,
        device=row.device,
        dtype=row.dtype,
        weights=row.weights,
        at=row.at,
    )


def set_for(user: User, set_id: int) -> SetMeasurement:
    """A set's measurement, of a project that this person manages; NotFound, RoleRequired else."""
    row = SetMeasurement.objects.filter(pk=set_id).first()
    if row is None:
        raise NotFound
    project_for(user, row.project_id, Role.MANAGER)
    return row


def waiting_sets(project: Project) -> list[int]:
    """Measurements of sets of a project that nobody works at."""
    rows = SetMeasurement.objects.filter(project=project, state=JobState.REQUESTED, current=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))
