"""What simulated people know of an item: what was planted in it, or a hidden seeded truth."""

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotator.items.models import Image, Item, ItemImage
from annotator.items.selectors import item_spec, places_of
from annotator.projects.models import Question
from annotator.questions.kinds import KINDS
from annotator.questions.types import ItemSpec, PieceType
from demo.answers import Truth
from demo.checklists import token_of
from demo.dataset import COUNTED
from demo.truth import ImageTruth

# The planted quality that a template's question is about; every other key is about all of it.
QUALITY_OF: dict[str, str] = {
    "plausibility": "plausibility",
    "detail_quality": "detail_quality",
    "fidelity": "detail_quality",
    "photorealism": "plausibility",
    "alignment": "alignment",
    "semantic_alignment": "alignment",
    "faithfulness": "alignment",
    "aesthetics": "aesthetics",
    "overall": "overall",
}
# Of the edits of the template `edit`, by the quality that it is planted as.
QUALITY_OF_EDIT: dict[str, str] = {
    "instruction_following": "alignment",
    "preservation": "plausibility",
    "visual_quality": "detail_quality",
}
# The same of `edit-graded`.
QUALITY_OF_GRADED_EDIT: dict[str, str] = {
    "edit_followed": "alignment",
    "edit_preserved": "plausibility",
    "edit_quality": "detail_quality",
}
QUALITY_OF_EDITS = QUALITY_OF_EDIT | QUALITY_OF_GRADED_EDIT
# Flags that say the opposite of a quality.
FAULT_OF: Mapping[str, str] = {"conflict": "alignment", "unclear": "detail_quality"}

# What a planted flaw is called in the tree of RichHF-plus, by what caused it.
FLAW_OF: Mapping[str, str] = {"warped": "shape", "smeared": "texture", "garbled": "surface"}

# The same as flags.
FLAG_OF: Mapping[str, str] = {"warped": "shape", "smeared": "texture", "garbled": "noise"}

# A rating of the numbers of things, which prompts that count nothing do not ask for.
COUNTING = "counting"

# What tells the places of flaws.
OF_PLACES = {PieceType.POINT, PieceType.REGION}
# How many rows of a checklist that nobody planted are not fulfilled.
UNMET = 1 / 3
# A hidden flaw's radius, as a fraction of the height: RichHF-18K's twentieth.
HIDDEN_RADIUS = 0.05


@dataclass(frozen=True, slots=True)
class Known:
    """An item with what is true of it."""

    item: Item
    spec: ItemSpec
    truth: Truth


Planted = Mapping[str, ImageTruth]
"""SHA-256 of an image's file as it was uploaded → what is true of the image."""


def by_file(truths: Iterable[ImageTruth]) -> Planted:
    return {truth.sha256: truth for truth in truths}


def how_many_known(project_id: int, planted: Planted) -> int:
    """How many of the project's images the truth is known of."""
    images = Image.objects.filter(project=project_id, is_reference=False)
    return images.filter(source_sha256__in=list(planted)).count()


def known_of(
    items: Sequence[Item], questions: Sequence[Question], planted: Planted, *, seed: int
) -> dict[uuid.UUID, Known]:
    """item id → what is true of it; items whose images nobody planted get a hidden truth."""
    places = places_of([item.pk for item in items])
    marks = [question.key for question in questions if KINDS[question.kind].pieces & OF_PLACES]
    known = {}
    for item in items:
        found = places[item.pk]
        spec = item_spec(item, (place.letter for place in found))
        files = {place.letter: place.image.source_sha256 for place in found}
        if all(file in planted for file in files.values()):
            truth = _planted({letter: planted[file] for letter, file in files.items()}, spec)
        else:
            truth = _hidden(found, spec, marks=marks, seed=seed)
        known[item.pk] = Known(item, spec, truth)
    return known


def _planted(images: Mapping[str, ImageTruth], item: ItemSpec) -> Truth:
    words = frozenset(token for image in images.values() for token in image.words)
    return Truth(
        quality={letter: _qualities(image) for letter, image in images.items()},
        flaws={
            letter: [
                (name, flaw.x, flaw.y, flaw.radius)
                for flaw in image.flaws
                for name in (flaw.kind, FLAW_OF.get(flaw.cause))
                if name
            ]
            for letter, image in images.items()
        },
        words=words,
        shown_at={
            token: (letter, flaw.x, flaw.y, flaw.radius)
            for letter, image in images.items()
            for flaw in image.flaws
            for token in flaw.tokens
        },
        unmet=frozenset(row.id for row in item.checklist if token_of(row.id) in words),
        na=frozenset(
            (letter, COUNTING)
            for letter, image in images.items()
            if not COUNTED.search(image.prompt)
        ),
    )


def _qualities(image: ImageTruth) -> dict[str, float]:
    planted = image.quality
    known = {key: planted[name] for key, name in (QUALITY_OF | QUALITY_OF_EDITS).items()}
    faults = {key: 1 - planted[name] for key, name in FAULT_OF.items()}
    flags = {
        flag: max((flaw.severity for flaw in image.flaws if flaw.cause == cause), default=0.0)
        for cause, flag in FLAG_OF.items()
    }
    return known | faults | flags | {COUNTING: known["alignment"]}


def _hidden(
    places: Sequence[ItemImage], item: ItemSpec, *, marks: Sequence[str], seed: int
) -> Truth:
    """A truth drawn of the seed and the images' bytes.

    The same image has the same quality in every item; half have one flaw of each kind of `marks`,
    half of the items have one misaligned word, and a third of their checklists' rows are unmet.
    """
    quality: dict[str, dict[str, float]] = {}
    flaws: dict[str, list[tuple[str, float, float, float]]] = {}
    for place in places:
        rng = random.Random(f"{seed}:{place.image.sha256}")  # noqa: S311 - nothing secret
        overall = rng.random()
        quality[place.letter] = {
            key: min(max(overall + rng.gauss(0, 0.1), 0.0), 1.0) for key in QUALITY_OF
        }
        quality[place.letter] |= {
            key: quality[place.letter][name] for key, name in QUALITY_OF_EDITS.items()
        }
        flaws[place.letter] = [
            (kind, rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9), HIDDEN_RADIUS)
            for kind in marks
            if rng.random() < 0.5
        ]
    rng = random.Random(f"{seed}:{places[0].image.sha256}:words")  # noqa: S311 - nothing secret
    tokens = len(item.tokens)
    words = {rng.randrange(tokens)} if tokens and rng.random() < 0.5 else set()
    unmet = frozenset(row.id for row in item.checklist if rng.random() < UNMET)
    return Truth(quality=quality, flaws=flaws, words=frozenset(words), unmet=unmet)
