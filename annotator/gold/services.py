"""What can be done with gold: make, retire, note an answer, contest and rule; set a rule."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.assignments.models import Assignment
from annotator.consensus.findings import findings
from annotator.consensus.models import Consensus
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason
from annotator.gold.judging import Truth, is_right, truths
from annotator.gold.models import (
    Consequence,
    GoldAnswer,
    GoldItem,
    GoldRule,
    GoldStop,
    GoldTruth,
    Ruling,
)
from annotator.gold.rules import stored_rule
from annotator.gold.selectors import judged_anew, known_of, known_of_items
from annotator.items.models import Item
from annotator.items.selectors import specs_of_items
from annotator.projects.models import Project, Question
from annotator.projects.selectors import spec_of
from annotator.questions.types import ItemSpec, Piece

LONGEST_WORD = 1000


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What a lead sets; see GoldRule."""

    gold_rate: float
    repeat_rate: float
    distance: int
    good: float
    bad: float
    alpha: float
    beta: float
    consequence: Consequence


@transaction.atomic
def make(item: Item, *, copy_of: Callable[[Item], Item], by: User, now: datetime) -> GoldItem:
    """Makes a gold item of a settled one: what all its people, or a lead's override, say is known.

    One that was retired comes back with what is known now, and its answers are judged by that.
    `copy_of` gives the item's copy, made where there is none. Conflict for an item that is not
    settled, is excluded, or of which nothing is unanimous.
    """
    consensus = Consensus.objects.filter(item=item).first()
    if consensus is None or item.excluded_at is not None:
        raise Conflict(Reason(Code.GOLD_NOT_SETTLED))
    told = known_of_items(item.project_id, [item.pk]).get(item.pk, {})
    known = [(question, truth) for question, some in told.items() for truth in some]
    if not known:
        raise Conflict(Reason(Code.GOLD_CONTESTED))
    gold, created = GoldItem.objects.get_or_create(
        item=copy_of(item),
        defaults={"project_id": item.project_id, "made_by": by, "made_at": now},
    )
    if created:
        _know(gold, known)
    elif gold.retired_at is not None:
        gold.retired_at = None
        gold.save(update_fields=["retired_at"])
        gold.truths.all().delete()
        _know(gold, known)
        _judge_again(gold)
    return gold


def make_known(
    known: Sequence[tuple[Item, Mapping[str, Sequence[Piece]]]],
    questions: Sequence[Question],
    *,
    by: User,
    now: datetime,
) -> list[GoldItem]:
    """Makes gold items of what a manifest knows: copies, each with right answers by question."""
    made = GoldItem.objects.bulk_create(
        GoldItem(item=item, project_id=item.project_id, made_by=by, made_at=now)
        for item, _ in known
    )
    specs = specs_of_items([item for item, _ in known])
    GoldTruth.objects.bulk_create(
        truth
        for gold, (item, answers) in zip(made, known, strict=True)
        for truth in _rows(gold, _truths_of(answers, questions, specs[item.pk]))
    )
    return made


def _truths_of(
    answers: Mapping[str, Sequence[Piece]], questions: Sequence[Question], item: ItemSpec
) -> list[tuple[Question, Truth]]:
    """What one right answer says, as the people of a settled item say it together."""
    asked = [(question, spec_of(question)) for question in questions if question.key in answers]
    return [
        (question, truth)
        for question, spec in asked
        for truth in truths(findings([answers[spec.key]], spec, item), spec)
    ]


def _know(gold: GoldItem, known: Sequence[tuple[Question, Truth]]) -> None:
    GoldTruth.objects.bulk_create(_rows(gold, known))


def _rows(gold: GoldItem, known: Sequence[tuple[Question, Truth]]) -> list[GoldTruth]:
    return [
        GoldTruth(gold=gold, question=question, letter=one.letter, key=one.key, value=one.value)
        for question, one in known
    ]


def _judge_again(gold: GoldItem) -> None:
    for answer, passed in judged_anew([*gold.answers.select_related("gold__item")]):
        if answer.passed != passed:
            answer.passed = passed
            answer.save(update_fields=["passed"])


def retire(gold: GoldItem, *, now: datetime) -> None:
    """Nobody is given it any more, and nobody judged by it. Conflict for one that is retired."""
    if not GoldItem.objects.filter(pk=gold.pk, retired_at=None).update(retired_at=now):
        raise Conflict(Reason(Code.GOLD_RETIRED))


def note(
    annotation: Annotation,
    item: Item,
    *,
    replaces: Annotation | None,
    pieces: Mapping[str, Sequence[Piece]],
    spec: ItemSpec,
    questions: Sequence[Question],
    now: datetime,
) -> None:
    """Keeps how somebody answered a copy, if it is gold to them: whose own item it is, repeats it.

    In the transaction that stores the answer; a revision takes the place of what it revises, but
    for where misses are shown: their author may know by now what would have been right.
    """
    gold = GoldItem.objects.filter(item=item).first()
    own = Assignment.objects.filter(item=item.source_id, annotator=annotation.annotator_id)
    if gold is None or (item.source_id != item.pk and own.exists()):
        return
    passed = is_right(pieces, known_of(gold, questions), spec)
    if replaces is not None:
        rows = GoldAnswer.objects.filter(gold=gold, annotator=annotation.annotator_id)
        if item.project.show_verdicts and rows.exists():
            return
        if rows.filter(annotation=replaces).update(annotation=annotation, passed=passed):
            return
    GoldAnswer.objects.create(
        gold=gold,
        project_id=gold.project_id,
        annotator_id=annotation.annotator_id,
        annotation=annotation,
        passed=passed,
        at=now,
    )


def contest(answer: GoldAnswer, *, words: str, now: datetime) -> None:
    """Its author says why the miss is none. Conflict when a lead has ruled, or it is no miss."""
    if not words.strip() or len(words) > LONGEST_WORD:
        raise Invalid(fields={"words": Reason(Code.GOLD_WORDS_LENGTH, most=LONGEST_WORD)})
    rows = GoldAnswer.objects.filter(pk=answer.pk, passed=False, ruling="")
    if not rows.update(contest=words.strip(), contested_at=now):
        raise Conflict(Reason(Code.GOLD_NOT_CONTESTABLE))


def rule(answer: GoldAnswer, *, ruling: Ruling, by: User, now: datetime) -> None:
    """A lead lets a miss stand, or voids it. Conflict where nothing was missed."""
    rows = GoldAnswer.objects.filter(pk=answer.pk, passed=False)
    if not rows.update(ruling=ruling, ruled_by=by, ruled_at=now):
        raise Conflict(Reason(Code.GOLD_NOT_CONTESTABLE))


@transaction.atomic
def set_rule(project: Project, settings: RuleSettings, *, by: User) -> GoldRule:
    """Changes how gold is mixed in. Invalid for what can't be."""
    refused = _refusals(settings)
    if refused:
        raise Invalid(fields=refused)
    row = stored_rule(project.pk)
    for each in fields(settings):
        setattr(row, each.name, getattr(settings, each.name))
    row.set_by = by
    row.save()
    return row


def _refusals(settings: RuleSettings) -> dict[str, Reason]:
    refused = {}
    if settings.gold_rate + settings.repeat_rate > 1:
        refused["repeat_rate"] = Reason(Code.GOLD_RATES_TOO_HIGH)
    if settings.bad >= settings.good:
        refused["bad"] = Reason(Code.GOLD_BAD_ABOVE_GOOD)
    if settings.alpha + settings.beta >= 1:
        refused["beta"] = Reason(Code.GOLD_ERRORS_TOO_HIGH)
    return refused


def add_stop(answer: GoldAnswer, consequence: str, *, now: datetime) -> bool:
    """Notes that the test stopped somebody here; False: it was noted before."""
    _, created = GoldStop.objects.get_or_create(
        answer=answer,
        defaults={
            "project_id": answer.project_id,
            "annotator_id": answer.annotator_id,
            "consequence": consequence,
            "at": now,
        },
    )
    return created
