"""What can be asked of gold: what is known, who missed what, how the test stands, who repeats."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import pieces_of
from annotator.consensus.findings import Found
from annotator.consensus.models import Finding
from annotator.core.errors import NotFound
from annotator.gold.judging import Truth, is_right, truths
from annotator.gold.models import GoldAnswer, GoldItem, GoldRule, GoldTruth, Ruling
from annotator.items.models import Item
from annotator.items.selectors import item_spec, places_of, spec_of_item
from annotator.projects.models import Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import KINDS, votes_of
from annotator.questions.types import QuestionSpec
from scoring.annotators import consistency
from scoring.statistics.estimate import Estimate
from scoring.statistics.sprt import Decision, SequentialTest, Step, sprt


@dataclass(frozen=True, slots=True)
class Path:
    """How the test went for somebody: an answer, and where the ratio stood after it."""

    answers: list[GoldAnswer]
    steps: list[Step]

    def stops(self) -> list[GoldAnswer]:
        """The answers at which it stopped them."""
        pairs = zip(self.answers, self.steps, strict=True)
        return [answer for answer, step in pairs if step.decision is Decision.STOPPED]


def known_of(
    gold: GoldItem, questions: Sequence[Question]
) -> Mapping[QuestionSpec, Sequence[Truth]]:
    """What is known of a gold item, question by question (1 query)."""
    found: dict[int, list[Truth]] = defaultdict(list)
    for row in GoldTruth.objects.filter(gold=gold).order_by("pk"):
        found[row.question_id].append(Truth(row.letter, row.key, row.value))
    return {spec_of(question): found[question.pk] for question in questions if found[question.pk]}


def known_of_items(
    project_id: int, item_ids: Iterable[UUID]
) -> dict[UUID, dict[Question, list[Truth]]]:
    """Settled item → question → what all its people, or a lead, say; where they say anything.

    Contested questions and items are left out (3 queries).
    """
    found: dict[UUID, dict[int, list[Found]]] = defaultdict(lambda: defaultdict(list))
    rows = Finding.objects.filter(consensus__item__in=list(item_ids)).order_by("pk")
    for row in rows.select_related("consensus"):
        one = Found(row.key, row.votes, row.of, row.letter, row.value, row.decided)
        found[row.consensus.item_id][row.question_id].append(one)
    questions = [(row, spec_of(row)) for row in questions_of(project_id)]
    known = {}
    for item_id, by_question in found.items():
        told = {row: truths(by_question[row.pk], spec) for row, spec in questions}
        if some := {row: each for row, each in told.items() if each}:
            known[item_id] = some
    return known


def judged_anew(answers: Sequence[GoldAnswer]) -> Iterator[tuple[GoldAnswer, bool | None]]:
    """Each answer and how a fresh look at what is known now judges it (some queries an answer)."""
    pieces = pieces_of([row.annotation_id for row in answers])
    for row in answers:
        questions = questions_of(row.project_id)
        given = {each.key: pieces[row.annotation_id][each.pk] for each in questions}
        item = spec_of_item(row.gold.item)
        yield row, is_right(given, known_of(row.gold, questions), item)


def test_of(rule: GoldRule) -> SequentialTest:
    """The test that the project has set."""
    return SequentialTest(good=rule.good, bad=rule.bad, alpha=rule.alpha, beta=rule.beta)


def judged_answers() -> QuerySet[GoldAnswer]:
    """Answers that tell for or against somebody: none of retired gold, none that was voided."""
    rows = GoldAnswer.objects.filter(passed__isnull=False, gold__retired_at=None)
    return rows.exclude(ruling=Ruling.VOIDED)


def paths_of(project: Project, rule: GoldRule, user_id: int | None = None) -> dict[int, Path]:
    """annotator id → how the test went for them, or for one of them alone (1 query)."""
    rows = judged_answers().filter(project=project)
    if user_id is not None:
        rows = rows.filter(annotator=user_id)
    by_person: dict[int, list[GoldAnswer]] = defaultdict(list)
    for row in rows.order_by("at", "pk"):
        by_person[row.annotator_id].append(row)
    test = test_of(rule)
    return {
        pk: Path(answers, sprt((bool(row.passed) for row in answers), test))
        for pk, answers in by_person.items()
    }


def gold_for(project: Project, gold_id: int) -> GoldItem:
    """A gold item of the project; NotFound."""
    found = GoldItem.objects.filter(project=project, pk=gold_id).select_related("item").first()
    if found is None:
        raise NotFound
    return found


def answer_in(project: Project, answer_id: int) -> GoldAnswer:
    """An answer to a gold item of the project; NotFound."""
    found = GoldAnswer.objects.filter(project=project, pk=answer_id).first()
    if found is None:
        raise NotFound
    return found


def own_miss(user: User, project: Project, answer_id: int) -> GoldAnswer:
    """A gold item that this person has missed; NotFound, also where misses are not shown."""
    rows = GoldAnswer.objects.filter(project=project, pk=answer_id, annotator=user, passed=False)
    found = rows.first() if project.show_verdicts else None
    if found is None:
        raise NotFound
    return found


def self_consistency(project: Project, user_ids: Iterable[int]) -> dict[int, Estimate]:
    """annotator id → how often they say the same again of an item, mirrored (6 queries at most).

    A repeat agrees when every choice is the same and no rating differs by more than a point.
    """
    ids = list(user_ids)
    again = Annotation.objects.filter(
        annotator__in=ids, current=True, counted=True, item__source__isnull=False,
        assignment__project=project,
    ).exclude(item__source=F("item"))  # fmt: skip
    second = {(row.annotator_id, row.item_id): row for row in again}
    if not second:
        return dict.fromkeys(ids, consistency.self_consistency(alike=0, repeats=0))
    items = Item.with_copies.in_bulk([item for _, item in second])
    sources = {(who, items[item].source_id): row for (who, item), row in second.items()}
    firsts = Annotation.objects.filter(
        annotator__in=ids, current=True, counted=True, item__in={source for _, source in sources}
    )
    pairs = [
        (row, sources[row.annotator_id, row.item_id])
        for row in firsts.select_related("item")
        if (row.annotator_id, row.item_id) in sources
    ]
    alike = _alike(project, pairs)
    counts: dict[int, list[bool]] = defaultdict(list)
    for first, _ in pairs:
        counts[first.annotator_id].append(alike[first])
    return {
        pk: consistency.self_consistency(alike=sum(counts[pk]), repeats=len(counts[pk]))
        for pk in ids
    }


def _alike(
    project: Project, pairs: Sequence[tuple[Annotation, Annotation]]
) -> dict[Annotation, bool]:
    pieces = pieces_of([row for pair in pairs for row in pair])
    places = places_of({first.item_id for first, _ in pairs})
    questions = [(row.pk, spec_of(row)) for row in questions_of(project.pk)]
    found = {}
    for first, second in pairs:
        item = item_spec(first.item, (place.letter for place in places[first.item_id]))
        found[first] = all(
            _same(
                dict(votes_of(pieces[first.pk][pk], spec, item)),
                dict(votes_of(pieces[second.pk][pk], spec, item)),
                apart=spec.careful_step if KINDS[spec.kind].level == "interval" else 0,
            )
            for pk, spec in questions
            if KINDS[spec.kind].level is not None and KINDS[spec.kind].unit != "word"
        )
    return found


def _same(first: Mapping[object, object], second: Mapping[object, object], *, apart: float) -> bool:
    """Whether they say the same; numbers may be `apart`."""
    if first.keys() != second.keys():
        return False
    if not apart:
        return first == second
    return all(abs(float(str(first[unit])) - float(str(second[unit]))) <= apart for unit in first)
