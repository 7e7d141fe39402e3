"""Simulated people at work: through the same moves as everybody, from claim to verdict."""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.annotations import selectors as annotations
from annotator.annotations.services import Submission, View
from annotator.assignments.models import Assignment
from annotator.items.models import Item
from annotator.pipeline.own_answers import answer_first
from annotator.projects.models import Membership, Project, Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.reviews.models import AcceptOrReject, Review
from annotator.reviews.selectors import counts, has_answered, review_shape
from annotator.reviews.services import GivenVerdict, take_next
from demo.answers import answers_of
from demo.judging import objection
from demo.known import Known, Planted, known_of
from demo.people import Person

# What an answer takes a person, in milliseconds: the median, and the spread of its logarithm.
MEDIAN_MS = 7_000
SPREAD = 0.5
CLAIMED_AT_ONCE = 5
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
        """All answer what they are given, a few each in turn, until each has answered `items`.

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
                claimed = self._claim(worker, room[worker.user.pk])
                if not claimed:
                    waiting.remove(worker)
                left = room[worker.user.pk]
                room[worker.user.pk] = None if left is None else left - len(claimed)
                for assignment, known in self._known(claimed, questions):
                    self._answer(worker, assignment, questions, known)
                    yield worker.user.display_name

    def _answered(self, worker: Worker) -> int:
        return annotations.done_since(worker.user, self.project, self.project.created_at)

    def _claim(self, worker: Worker, room: int | None) -> list[Assignment]:
        count = CLAIMED_AT_ONCE if room is None else min(CLAIMED_AT_ONCE, room)
        if count < 1:
            return []
        return pipeline.claim(worker.user, self.project.pk, count=count, now=self.clock())

    def _known(
        self, claimed: Sequence[Assignment], questions: Sequence[Question]
    ) -> list[tuple[Assignment, Known]]:
        items = Item.with_copies.filter(pk__in=[assignment.item_id for assignment in claimed])
        known = known_of(list(items), questions, self.planted, seed=self.seed)
        return [(assignment, known[assignment.item_id]) for assignment in claimed]

    def _answer(
        self, worker: Worker, assignment: Assignment, questions: Sequence[Question], known: Known
    ) -> None:
        rng = self._chance(worker, known)
        answers = _answers(worker, questions, known, rng)
        submission = Submission(
            key=str(uuid.uuid4()),
            answers=answers,
            active_ms=round(MEDIAN_MS * rng.lognormvariate(0, SPREAD)),
            view=VIEW,
        )
        pipeline.submit(worker.user, assignment.pk, submission, now=self.clock())

    def _chance(self, worker: Worker, known: Known) -> random.Random:
        return random.Random(  # noqa: S311 - nothing secret
            f"{self.seed}:{worker.user.username}:{known.item.key}"
        )

    def waiting(self) -> int:
        """How many reviews are ready to be looked at."""
        return counts(self.project).waiting

    def review(self, reviewer: Worker) -> Iterator[AcceptOrReject]:
        """Judges what waits for review by the truth; yields REJECT for one with any rejection.

        Where the project wants it, the reviewer answers each item before they see its answers.
        """
        questions = questions_of(self.project.pk)
        while review := take_next(reviewer=reviewer.user, project=self.project, now=self.clock()):
            known = known_of([review.item], questions, self.planted, seed=self.seed)[review.item_id]
            if not has_answered(review, reviewer.user):
                own = _answers(reviewer, questions, known, self._chance(reviewer, known))
                answer_first(reviewer.user, review.pk, own, now=self.clock())
            given = _verdicts(review, reviewer.user, questions, known)
            pipeline.review(reviewer.user, review.pk, given, now=self.clock())
            rejected = any(verdict.value == AcceptOrReject.REJECT for verdict in given.values())
            yield AcceptOrReject.REJECT if rejected else AcceptOrReject.ACCEPT


def _answers(
    worker: Worker, questions: Sequence[Question], known: Known, rng: random.Random
) -> dict[str, Any]:
    specs = [spec_of(question) for question in questions]
    return answers_of(known.truth, specs, known.spec, reliability=worker.reliability, rng=rng)


def _verdicts(
    review: Review, reviewer: User, questions: Sequence[Question], known: Known
) -> dict[uuid.UUID, GivenVerdict]:
    """A verdict on each of the item's answers that has none yet."""
    specs = [spec_of(question) for question in questions]
    return {
        row.id: _verdict(objection(row.answers, known.truth, specs, known.spec))
        for row in review_shape(review, reviewer).annotations
        if row.verdict is None
    }


def _verdict(reason: str) -> GivenVerdict:
    value = AcceptOrReject.REJECT if reason else AcceptOrReject.ACCEPT
    return GivenVerdict(value, reason)


def counted(steps: Iterable[object], advance: Callable[[], object] = lambda: None) -> int:
    """Goes through the steps, tells `advance` of each, and returns how many there were."""
    count = 0
    for _ in steps:
        count += 1
        advance()
    return count
