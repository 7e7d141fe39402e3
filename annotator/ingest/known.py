"""Known answers as a manifest gives them, until the pipeline makes gold of their items."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from annotator.ingest.manifest import Gold
from annotator.ingest.models import ManifestGold
from annotator.items.models import LETTERS, Item
from annotator.judges.selectors import ImportedVote
from annotator.projects.models import Batch
from annotator.questions.kinds import relettered
from annotator.questions.types import Piece, QuestionSpec

_decoded = msgspec.json.Decoder(dict[str, tuple[Piece, ...]]).decode


def as_text(gold: Gold) -> str:
    """As it is stored; nothing known is ""."""
    return msgspec.json.encode(gold).decode() if gold else ""


def as_gold(text: str) -> Gold:
    """What was stored."""
    return _decoded(text) if text else {}


def votes_with_letters(
    votes: Iterable[ImportedVote], questions: Mapping[str, QuestionSpec], order: Sequence[int]
) -> list[ImportedVote]:
    """The same of what imported judges said."""
    return [
        msgspec.structs.replace(vote, answers=dict(with_letters(vote.answers, questions, order)))
        for vote in votes
    ]


def with_letters(gold: Gold, questions: Mapping[str, QuestionSpec], order: Sequence[int]) -> Gold:
    """The same of the letters that were drawn; `order`: the row's images as a, b, c …"""
    letters = {LETTERS[named]: LETTERS[place] for place, named in enumerate(order)}
    return {key: relettered(pieces, questions[key], letters) for key, pieces in gold.items()}


def keep_known(known: Iterable[tuple[Item, Gold]]) -> None:
    """Keeps them for who puts the batch to people."""
    ManifestGold.objects.bulk_create(
        ManifestGold(item=item, answers=as_text(gold)) for item, gold in known
    )


def known_of(batch: Batch) -> list[tuple[Item, Gold]]:
    """Items of a batch with their known answers, of which no gold is made yet (1 query)."""
    rows = ManifestGold.objects.filter(item__batch=batch).select_related("item").order_by("pk")
    return [(row.item, as_gold(row.answers)) for row in rows]


def forget_known(batch: Batch) -> None:
    """When gold is made of them."""
    ManifestGold.objects.filter(item__batch=batch).delete()
