"""What somebody may know of their own work: how they do on known answers, and their habits.

Of known answers a share alone, rounded, of whole sets of answers, once there are enough: nobody can
tell from it which items they were, nor how many.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median

from annotator.accounts.models import User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import first_answers
from annotator.gold.selectors import judged_answers
from annotator.projects.models import Project
from annotator.questions.kinds import KINDS
from scoring.statistics.proportions import fair_coin_p

# The share is told in steps of one twentieth.
STEPS = 20


@dataclass(frozen=True, slots=True)
class OwnRules:
    """From when on what is said.

    `set_size`: answers after which numbers are new; `known`: known answers below which nothing is
    said; `looked_at`: the newest answers that habits are looked for in, `fewest` to tell anything;
    `leans` and `same`: shares that matter, `alpha`: by what chance; `faster`: a median below so
    much of what it was.
    """

    set_size: int = 50
    known: int = 10
    looked_at: int = 200
    fewest: int = 30
    leans: float = 0.65
    same: float = 0.9
    alpha: float = 0.01
    faster: float = 0.5


RULES = OwnRules()


class Habit(StrEnum):
    """A pattern in somebody's answers that they may want to know of."""

    LEFT = "left"
    RIGHT = "right"
    SAME = "same"
    FASTER = "faster"


@dataclass(frozen=True, slots=True)
class OwnHabit:
    """A pattern with its evidence. `question`: of same; `seconds`, `before`: of faster."""

    habit: Habit
    percent: int | None
    count: int
    question: str | None
    seconds: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class MyProgress:
    """Somebody's own work in a project."""

    answers: int
    set_size: int = field(metadata={"help": "After so many answers the numbers are new."})
    sets: int = field(metadata={"help": "Whole sets: what the share is of."})
    share: float | None = field(
        metadata={"help": "Agreement with known answers, in steps of 0.05; null: too few yet."}
    )
    habits: list[OwnHabit] = field(metadata={"help": "At most three."})


def my_progress(user: User, project: Project, rules: OwnRules = RULES) -> MyProgress:
    """The person's own numbers (6 queries at most)."""
    own = Annotation.objects.filter(
        annotator=user, assignment__project=project, counted=True, revision=1
    )
    answers = own.count()
    sets = answers // rules.set_size
    progress = MyProgress(answers, rules.set_size, sets, share=None, habits=[])
    if not sets:
        return progress
    last = own.order_by("submitted_at")[sets * rules.set_size - 1]
    share = _share(user, project, last, rules)
    return replace(progress, share=share, habits=_habits(user, project, rules))


def _share(user: User, project: Project, last: Annotation, rules: OwnRules) -> float | None:
    """Up to the last answer of a whole set: it does not move when a known answer is given."""
    rows = judged_answers().filter(project=project, annotator=user, at__lte=last.submitted_at)
    passed = list(rows.values_list("passed", flat=True))
    if len(passed) < rules.known:
        return None
    return round(STEPS * sum(map(bool, passed)) / len(passed)) / STEPS


def _habits(user: User, project: Project, rules: OwnRules) -> list[OwnHabit]:
    rows = first_answers().filter(annotator=user, assignment__project=project)
    newest = list(rows.order_by("-submitted_at")[: rules.looked_at])
    pieces = AnnotationPiece.objects.filter(annotation__in=newest).exclude(choice="")
    chosen = list(pieces.select_related("question"))
    found = (*_leaning(newest, chosen, rules), *_same(chosen, rules), *_faster(newest, rules))
    return list(found[:3])


def _leaning(
    newest: Sequence[Annotation], chosen: Sequence[AnnotationPiece], rules: OwnRules
) -> Iterator[OwnHabit]:
    """An answer leans to the side that more of its questions prefer: they hang together."""
    leftmost = {row.pk: row.shown_order[:1] for row in newest}
    leaning: Counter[uuid.UUID] = Counter()
    for piece in chosen:
        if KINDS[piece.question.kind].sides and piece.choice in {"a", "b"}:
            is_left = piece.choice == leftmost[piece.annotation_id]
            leaning[piece.annotation_id] += 1 if is_left else -1
    n, left = sum(map(bool, leaning.values())), sum(lean > 0 for lean in leaning.values())
    share = max(left, n - left) / n if n else 0.0
    p = fair_coin_p(left, n)
    if n >= rules.fewest and share >= rules.leans and p is not None and p < rules.alpha:
        habit = Habit.LEFT if 2 * left > n else Habit.RIGHT
        yield OwnHabit(habit, round(100 * share), n, None, None, None)


def _same(chosen: Sequence[AnnotationPiece], rules: OwnRules) -> Iterator[OwnHabit]:
    """Of the choices whose names mean the same on every item: ties, flags; not images."""
    by_question: dict[str, Counter[str]] = {}
    for piece in chosen:
        counts = by_question.setdefault(piece.question.key, Counter())
        counts["image" if len(piece.choice) == 1 else piece.choice] += 1
    for key, counts in by_question.items():
        choice, most = counts.most_common(1)[0]
        n = counts.total()
        if choice != "image" and n >= rules.fewest and most >= rules.same * n:
            yield OwnHabit(Habit.SAME, round(100 * most / n), n, key, None, None)
            return


def _faster(newest: Sequence[Annotation], rules: OwnRules) -> Iterator[OwnHabit]:
    times = [row.active_ms for row in newest if row.active_ms is not None]
    last, before = times[: rules.set_size], times[rules.set_size :]
    if len(before) < rules.set_size:
        return
    now, then = median(last), median(before)
    if now < rules.faster * then:
        seconds = (round(now / 1000, 1), round(then / 1000, 1))
        yield OwnHabit(Habit.FASTER, None, len(last), None, *seconds)
