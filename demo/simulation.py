"""Simulated people at work: through the same moves as everybody, from claim to verdict."""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.annotations import selectors as annotations
from annotator.annotations.services import Submission, View
from annotator.assignments.models import Assignment
from annotator.items.models import Item
from annotator.projects.models import Membership, Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.reviews.models import AcceptOrReject, Review
from annotator.reviews.selectors import counts, verdicts_of
from annotator.reviews.services import GivenVerdict, take_next
from demo.answers import answers_of
from demo.judging import objection
from demo.known import Known, Planted, known_of
from demo.people import Person

# What an answer takes a person, in milliseconds: the median, and the spread of its logarithm.
MEDIAN_MS = 7_000
SPREAD = 0.5
HAND = 5
VIEW = View(viewport_width=1440, viewport_height=900, device_pixel_ratio=1.0, zoomed=False)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Worker:
    """A simulated person with their account."""

    user: User
    reliability: float


def hire(project: Project, people: Sequence[Person], role: Role) -> list[Worker]:
    """Accounts without a password, and memberships for these people; kept if there."""
    workers = []
    for person in people:
        user = User.objects.filter(username=person.username).first()
        if user is None:
            user = User.objects.create_user(person.username, display_name=person.display_name)
        Membership.objects.get_or_create(project=project, user=user, role=role)
        workers.append(Worker(user, person.reliability))
    return workers


@dataclass(frozen=True, slots=True)
class Simulation:
    """Simulated people in one project, who go by `planted`. `clock`: the instant of each move."""

    project: Project
    seed: int
    clock: Clock
    planted: Planted = field(default_factory=dict)

    def annotate(self, workers: Sequence[Worker], *, items: int | None = None) -> Iterator[str]:
        """All answer what they are given, a hand each in turn, until each has answered `items`.

        What they answered before counts too, so that repeating it does nothing. Yields the
        annotator's name after each answer.
        """
        questions = questions_of(self.project.pk)
        room = {
            worker.user.pk: None if items is None else max(items - self._answered(worker), 0)
            for worker in workers
        }
        waiting = list(workers)
        while waiting:
            for worker in tuple(waiting):
                hand = self._claim(worker, room[worker.user.pk])
                if not hand:
                    waiting.remove(worker)
                left = room[worker.user.pk]
                room[worker.user.pk] = None if left is None else left - len(hand)
                for assignment, known in self._known(hand, questions):
                    self._answer(worker, assignment, questions, known)
                    yield worker.user.display_name

    def _answered(self, worker: Worker) -> int:
        return annotations.done_since(worker.user, self.project, self.project.created_at)

    def _claim(self, worker: Worker, room: int | None) -> list[Assignment]:
        count = HAND if room is None else min(HAND, room)
        if count < 1:
            return []
        return pipeline.claim(worker.user, self.project.pk, count=count, now=self.clock())

    def _known(
        self, hand: Sequence[Assignment], questions: Sequence[Question]
    ) -> list[tuple[Assignment, Known]]:
        items = Item.objects.filter(pk__in=[assignment.item_id for assignment in hand])
        known = known_of(list(items), questions, self.planted, seed=self.seed)
        return [(assignment, known[assignment.item_id]) for assignment in hand]

    def _answer(
        self, worker: Worker, assignment: Assignment, questions: Sequence[Question], known: Known
    ) -> None:
        rng = random.Random(  # noqa: S311 - nothing secret
            f"{self.seed}:{worker.user.username}:{known.item.key}"
        )
        answers = answers_of(
            known.truth,
            [spec_of(question) for question in questions],
            known.spec,
            reliability=worker.reliability,
            rng=rng,
        )
        saying = Submission(
            key=str(uuid.uuid4()),
            answers=answers,
            active_ms=round(MEDIAN_MS * rng.lognormvariate(0, SPREAD)),
            view=VIEW,
        )
        pipeline.submit(worker.user, assignment.pk, saying, now=self.clock())

    def waiting(self) -> int:
        """How many reviews are ready to be looked at."""
        return counts(self.project).waiting

    def review(self, reviewer: Worker) -> Iterator[AcceptOrReject]:
        """Judges what waits for review by the truth; yields REJECT for one with any rejection."""
        questions = questions_of(self.project.pk)
        while review := take_next(reviewer=reviewer.user, project=self.project, now=self.clock()):
            known = known_of([review.item], questions, self.planted, seed=self.seed)[review.item_id]
            opinions = _opinions(review, questions, known)
            pipeline.review(reviewer.user, review.pk, opinions, now=self.clock())
            decisions = {opinion.value for opinion in opinions.values()}
            yield (
                AcceptOrReject.REJECT
                if AcceptOrReject.REJECT in decisions
                else AcceptOrReject.ACCEPT
            )


def _opinions(
    review: Review, questions: Sequence[Question], known: Known
) -> dict[uuid.UUID, GivenVerdict]:
    """A word on each of the item's answers that has none yet."""
    judged = verdicts_of(review)
    rows = [row for row in annotations.current_of_item(review.item_id) if row.pk not in judged]
    specs = [spec_of(question) for question in questions]
    return {
        annotation_id: _opinion(objection(answers, known.truth, specs, known.spec))
        for annotation_id, answers in annotations.answers_of(rows, questions, known.spec).items()
    }


def _opinion(reason: str) -> GivenVerdict:
    return (
        GivenVerdict(AcceptOrReject.REJECT, reason)
        if reason
        else GivenVerdict(AcceptOrReject.ACCEPT)
    )


def counted(steps: Iterable[object], advance: Callable[[], object] = lambda: None) -> int:
    """Goes through the steps, tells `advance` of each, and returns how many there were."""
    count = 0
    for _ in steps:
        count += 1
        advance()
    return count
