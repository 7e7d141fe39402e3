"""What can be done with imported judges: keep what they said."""

from collections.abc import Iterable

from annotator.core import copying
from annotator.items.models import Item
from annotator.judges.models import ImportedAnnotation
from annotator.judges.selectors import ImportedVote, as_text


def keep_imported(given: Iterable[tuple[Item, ImportedVote]]) -> None:
    """Adds what was said of items that were just made."""
    rows = [
        (item.pk, vote.source, vote.judge, vote.count, as_text(vote.answers))
        for item, vote in given
    ]
    if rows:
        columns = ("item_id", "source", "judge", "count", "answers")
        copying.add(ImportedAnnotation, columns, rows)
