"""What of an upload was not taken, kept for the uploader to read."""

from collections.abc import Iterable

from annotator.core.reasons import as_json
from annotator.ingest.models import Problem
from annotator.ingest.refusals import Refusal
from annotator.projects.models import Batch

MAX_FILE = 500


def keep_problems(batch: Batch, refusals: Iterable[Refusal]) -> None:
    """Adds them to the batch's problems."""
    rows = [(one, as_json(one.reason)) for one in refusals]
    Problem.objects.bulk_create(
        Problem(
            batch=batch,
            line=one.line,
            file=one.file[:MAX_FILE],
            code=reason["code"],
            params=reason["params"],
        )
        for one, reason in rows
    )


def forget_problems(batch: Batch) -> None:
    """Those of an attempt before."""
    Problem.objects.filter(batch=batch).delete()


def not_kept_yet(batch: Batch, refusals: Iterable[Refusal]) -> list[Refusal]:
    """Each line and file once, and none that is kept already (1 query)."""
    new = {(one.line, one.file[:MAX_FILE]): one for one in refusals}
    lines = {line for line, _ in new if line is not None}
    kept = Problem.objects.filter(batch=batch, line__in=lines).values_list("line", "file")
    return [new[key] for key in new.keys() - set(kept)]
