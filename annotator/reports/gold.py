"""Known answers for a lead: each with who passed it, each person's test, what is contested."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.gold.models import Consequence, GoldAnswer, GoldItem, GoldRule, GoldStop, Ruling
from annotator.gold.rules import stored_rule
from annotator.gold.selectors import Path, paths_of, self_consistency, test_of
from annotator.items.selectors import copies_in, places_of, thumbnail_url
from annotator.projects.models import Project
from annotator.reports.people import names_of
from scoring.statistics.estimate import Estimate, Interval
from scoring.statistics.proportions import wilson_interval
from scoring.statistics.sprt import Decision

# From so many answers on, gold that most people miss is told to be suspect.
SUSPECT_FROM = 3
LISTED = 500
STEPS = 100


@dataclass(frozen=True, slots=True)
class GoldSettings:
    """How gold is mixed in, and what follows from missing it."""

    gold_rate: float
    repeat_rate: float
    distance: int
    good: float
    bad: float
    alpha: float
    beta: float
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class GoldBounds:
    """The sequential test in numbers: what an answer adds, where it decides."""

    right: float
    wrong: float
    stop_at: float
    clear_at: float
    clear_after: int = field(metadata={"help": "So many right answers in a row clear somebody."})
    stop_after: int = field(metadata={"help": "So many wrong ones in a row stop somebody."})


@dataclass(frozen=True, slots=True)
class SharedAlike:
    """A share with its n and Wilson interval."""

    n: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ListedGold:
    """A gold item and how people did on it."""

    id: int
    source: uuid.UUID | None = field(
        metadata={"help": "The settled item that it is made of; null: it came by a manifest."}
    )
    prompt: str
    thumbnail_urls: list[str]
    made_at: datetime
    retired_at: datetime | None
    passed: SharedAlike
    suspect: bool = field(metadata={"help": "Most people miss it: look whether it is right."})


@dataclass(frozen=True, slots=True)
class TestStep:
    """The log likelihood ratio after an answer, and what it decided."""

    ratio: float
    right: bool
    decision: Decision


@dataclass(frozen=True, slots=True)
class TestedAnnotator:
    """How the test stands for somebody; `steps` are their last 100 answers."""

    id: int
    name: str
    passed: SharedAlike
    repeated: SharedAlike
    ratio: float
    stopped: int
    cleared: int
    steps: list[TestStep]
    last_stop_at: datetime | None
    last_consequence: Consequence | None


@dataclass(frozen=True, slots=True)
class ContestedMiss:
    """A miss that its author contests, in their words."""

    id: int
    gold: int
    source: uuid.UUID | None
    annotator: int
    name: str
    prompt: str
    thumbnail_urls: list[str]
    words: str
    at: datetime
    ruling: Ruling | None = field(metadata={"help": "null: a lead is to decide."})


@dataclass(frozen=True, slots=True)
class GoldReport:
    """All of a project's known answers."""

    rule: GoldSettings
    test: GoldBounds
    items: list[ListedGold]
    people: list[TestedAnnotator]
    contested: list[ContestedMiss]


def gold_report(project: Project) -> GoldReport:
    """Gold and people, worst first; contested misses that wait for a lead first (16 queries)."""
    rule = stored_rule(project.pk)
    test = test_of(rule)
    return GoldReport(
        rule=settings_of(rule),
        test=GoldBounds(
            right=test.right,
            wrong=test.wrong,
            stop_at=test.stop_at,
            clear_at=test.clear_at,
            clear_after=test.clear_after(),
            stop_after=test.stop_after(),
        ),
        items=_items(project),
        people=_people(project, rule),
        contested=_contested(project),
    )


def settings_of(rule: GoldRule) -> GoldSettings:
    """The rule as a lead sets it."""
    return GoldSettings(
        gold_rate=rule.gold_rate,
        repeat_rate=rule.repeat_rate,
        distance=rule.distance,
        good=rule.good,
        bad=rule.bad,
        alpha=rule.alpha,
        beta=rule.beta,
        consequence=Consequence(rule.consequence),
    )


def _share(passed: int, n: int) -> SharedAlike:
    return SharedAlike(n, passed / n if n else None, wilson_interval(passed, n))


def _items(project: Project) -> list[ListedGold]:
    standing = Q(answers__passed__isnull=False) & ~Q(answers__ruling=Ruling.VOIDED)
    rows = GoldItem.objects.filter(project=project).select_related("item").annotate(
        n=Count("answers", filter=standing),
        right=Count("answers", filter=standing & Q(answers__passed=True)),
    )  # fmt: skip
    found = list(rows.order_by("-made_at")[:LISTED])
    thumbnails = _thumbnails({row.item_id for row in found})
    listed = [
        ListedGold(
            id=row.pk,
            source=_source_of(row),
            prompt=row.item.prompt,
            thumbnail_urls=thumbnails[row.item_id],
            made_at=row.made_at,
            retired_at=row.retired_at,
            passed=_share(row.right, row.n),
            suspect=row.retired_at is None and row.n >= SUSPECT_FROM and row.right * 2 < row.n,
        )
        for row in found
    ]
    return sorted(listed, key=lambda one: (one.retired_at is not None, not one.suspect))


def _source_of(gold: GoldItem) -> uuid.UUID | None:
    return None if gold.item.source_id == gold.item_id else gold.item.source_id


def _thumbnails(item_ids: set[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    return {
        pk: [thumbnail_url(place.image_id) for place in places]
        for pk, places in places_of(item_ids).items()
    }


def _people(project: Project, rule: GoldRule) -> list[TestedAnnotator]:
    paths = paths_of(project, rule)
    repeating = Annotation.objects.filter(item__in=copies_in(project)).order_by()
    ids = sorted({*paths, *repeating.values_list("annotator_id", flat=True).distinct()})
    alike = self_consistency(project, ids)
    names = names_of(ids)
    stops = {
        row.annotator_id: row for row in GoldStop.objects.filter(project=project).order_by("at")
    }
    people = [
        _tested(pk, names[pk], paths.get(pk, Path([], [])), alike[pk], stops.get(pk)) for pk in ids
    ]
    return sorted(people, key=lambda one: (-one.stopped, -one.ratio, one.name))


def _tested(
    pk: int, name: str, path: Path, alike: Estimate, stop: GoldStop | None
) -> TestedAnnotator:
    decisions = [step.decision for step in path.steps]
    right = [bool(answer.passed) for answer in path.answers]
    last = path.steps[-1] if path.steps else None
    return TestedAnnotator(
        id=pk,
        name=name,
        passed=_share(sum(right), len(right)),
        repeated=SharedAlike(alike.n, alike.value, alike.interval),
        ratio=last.ratio if last else 0.0,
        stopped=decisions.count(Decision.STOPPED),
        cleared=decisions.count(Decision.CLEARED),
        steps=[
            TestStep(step.ratio, is_right, step.decision)
            for step, is_right in zip(path.steps, right, strict=True)
        ][-STEPS:],
        last_stop_at=stop.at if stop else None,
        last_consequence=Consequence(stop.consequence) if stop else None,
    )


def _contested(project: Project) -> list[ContestedMiss]:
    rows = GoldAnswer.objects.filter(project=project, contested_at__isnull=False)
    found = list(rows.select_related("gold__item").order_by("-contested_at")[:LISTED])
    names = names_of([row.annotator_id for row in found])
    thumbnails = _thumbnails({row.gold.item_id for row in found})
    listed = [
        ContestedMiss(
            id=row.pk,
            gold=row.gold_id,
            source=_source_of(row.gold),
            annotator=row.annotator_id,
            name=names[row.annotator_id],
            prompt=row.gold.item.prompt,
            thumbnail_urls=thumbnails[row.gold.item_id],
            words=row.contest,
            at=row.contested_at,
            ruling=Ruling(row.ruling) if row.ruling else None,
        )
        for row in found
        if row.contested_at is not None
    ]
    return sorted(listed, key=lambda one: one.ruling is not None)


@dataclass(frozen=True, slots=True)
class MyMiss:
    """A known answer that one missed, and what one said of it."""

    id: int
    assignment: uuid.UUID
    at: datetime
    words: str = field(metadata={"help": "Why one contests it; empty: one does not."})
    ruling: Ruling | None
    retired: bool = field(metadata={"help": "It counts no more, whoever was right."})


@dataclass(frozen=True, slots=True)
class MyMisses:
    """What the caller missed; nothing where the project shows no verdicts."""

    misses: list[MyMiss]
    warned_at: datetime | None = field(
        metadata={"help": "When a warning last followed from them; null: never."}
    )


def my_misses(user: User, project: Project) -> MyMisses:
    """This person's missed known answers, the newest first (2 queries)."""
    stops = GoldStop.objects.filter(
        project=project, annotator=user, consequence=Consequence.WARN
    ).order_by("-at")
    warned = stops.values_list("at", flat=True).first()
    if not project.show_verdicts:
        return MyMisses([], warned)
    rows = GoldAnswer.objects.filter(project=project, annotator=user, passed=False)
    return MyMisses(
        [
            MyMiss(
                id=row.pk,
                assignment=row.annotation.assignment_id,
                at=row.at,
                words=row.contest,
                ruling=Ruling(row.ruling) if row.ruling else None,
                retired=row.gold.retired_at is not None,
            )
            for row in rows.select_related("annotation", "gold").order_by("-at")[:LISTED]
        ],
        warned,
    )
