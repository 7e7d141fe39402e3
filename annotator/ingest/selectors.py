"""What can be asked about uploads: what a project takes, and what of a batch was not taken."""

from collections.abc import Iterable

from django.db.models import QuerySet

from annotator.ingest.manifest import Rules
from annotator.ingest.models import PlannedItem, Problem, RecognisedDataset
from annotator.ingest.pairing import pair_rule
from annotator.ingest.roots import configured
from annotator.projects.models import Batch, Template
from annotator.projects.selectors import questions_asked, spec_of
from annotator.projects.templates import TEMPLATES, bounds_of
from annotator.questions.kinds import KINDS


def rules_of(batch: Batch) -> Rules:
    """What the batch's project takes (2 queries)."""
    questions = questions_asked(batch.project_id)
    kinds = {question.kind for question in questions}
    bounds = bounds_of(batch.project.template, kinds)
    return Rules(
        fewest=bounds.fewest,
        most=bounds.most,
        needs_prompt=batch.project.template != Template.CUSTOM
        or any(KINDS[kind].needs_words for kind in kinds),
        needs_checklist=any(KINDS[kind].needs_checklist for kind in kinds),
        needs_source=TEMPLATES[batch.project.template].needs_source,
        pairs=pair_rule(batch.pairs),
        roots=configured(),
        questions=tuple(map(spec_of, questions)),
    )


def problems_of(batch: Batch, *, after: int = 0) -> QuerySet[Problem]:
    """What of a batch was not taken, in order; `after`: the last one seen."""
    return Problem.objects.filter(batch=batch, pk__gt=after)


def datasets_of(batch_ids: Iterable[int]) -> dict[int, RecognisedDataset]:
    """What each batch was recognised as, if anything (1 query)."""
    return RecognisedDataset.objects.in_bulk(list(batch_ids))


def planned_count(batch: Batch) -> int:
    """How many items of a batch wait for their images."""
    return PlannedItem.objects.filter(batch=batch).count()
