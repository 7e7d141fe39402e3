"""What exports tell of the batches that they are of: each verdict, and each reviewed sample."""

from collections.abc import Iterable

from annotator.exports.read.facts import BatchFacts
from annotator.projects.models import Batch, Project
from annotator.reviews.acceptance import rule_for, sample_counts


def batch_facts(project: Project, batches: Iterable[Batch]) -> tuple[BatchFacts, ...]:
    """The batches as a manifest tells of them (2 queries)."""
    rows = list(batches)
    counts = sample_counts([row.pk for row in rows])
    found = []
    for row in rows:
        sample = counts[row.pk]
        rule = rule_for(project, sample.answers)
        found.append(
            BatchFacts(
                id=row.pk,
                name=row.name,
                verdict=str(row.verdict),
                verdict_at=row.verdict_at,
                sampled=sample.sampled,
                reviewed=sample.reviewed,
                rejected=sample.rejected,
                needed=rule.reviewed,
                allowed=rule.allowed,
                outcome=str(sample.outcome(rule)),
            )
        )
    return tuple(found)
