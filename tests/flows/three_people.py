"""Three simulated people answer items of planted truth, through the moves that everybody makes.

How each errs is known (demo/answers.py), so what they should say together can be worked out.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any

from django.utils import timezone
from scipy.stats import binom

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.annotations.models import Annotation
from annotator.annotations.selectors import answers_of as stored_answers
from annotator.annotations.services import Submission
from annotator.consensus.models import Consensus, Finding
from annotator.items.models import Item
from annotator.items.selectors import item_spec
from annotator.projects.models import Project, Template
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.selectors import questions_of, spec_of
from annotator.projects.services import ProjectSettings, create_project
from demo.answers import BLUR, SHARPEST, Truth, answers_of
from demo.people import annotators
from demo.simulation import hire
from tests import factories

THREE = annotators(3)
RELIABILITIES = tuple(person.reliability for person in THREE)
# How far off each sees a quality: the standard deviation.
ERRORS = tuple(SHARPEST + BLUR * (1 - reliability) for reliability in RELIABILITIES)
# The standard deviation of the mean of what the three see.
MEAN_ERROR = sqrt(sum(error**2 for error in ERRORS)) / 3
# A normal variable is farther out than this once in ten thousand times.
FAR = 3.89
ONCE = 1e-4


def project_of(template: Template, *questions: QuestionDraft, **settings: Any) -> Project:
    """A project of three people an item, without reviews."""
    return create_project(
        by=factories.user(can_create_projects=True),
        template=template,
        settings=ProjectSettings(name=template, review_rate=0.0, **settings),
        questions=questions,
    )


def answer_all(
    project: Project,
    items: Sequence[Item],
    truth_of: Callable[[int], Truth],
    letters: str,
) -> None:
    """Each of the three answers every item; `truth_of` tells what is true of the n-th."""
    asked = questions_of(project.pk)
    specs = [spec_of(question) for question in asked]
    numbers = {item.pk: number for number, item in enumerate(items)}
    for worker in hire(project, THREE, Role.ANNOTATOR):
        while claimed := pipeline.claim(worker.user, project.pk, count=5, now=timezone.now()):
            for assignment in claimed:
                number = numbers[assignment.item_id]
                answers = answers_of(
                    truth_of(number),
                    specs,
                    item_spec(items[number], letters),
                    reliability=worker.reliability,
                    rng=random.Random(f"{worker.user.username}:{number}"),
                )
                key = f"{worker.user.username}-of-item-{number}"
                submission = Submission(key=key, answers=answers)
                pipeline.submit(worker.user, assignment.pk, submission, now=timezone.now())
    assert Consensus.objects.filter(project=project, annotations=3).count() == len(items)


def decided(item: Item, question: str, letter: str = "") -> set[str]:
    """What most of the three say of an item, or of one of its images."""
    found = Finding.objects.filter(
        consensus__item=item, question__key=question, letter=letter, decided=True
    )
    return set(found.values_list("key", flat=True))


def value_of(item: Item, question: str, key: str, letter: str = "") -> float:
    """A number that the three give together."""
    found = Finding.objects.get(
        consensus__item=item, question__key=question, letter=letter, key=key
    )
    assert found.value is not None
    return found.value


def told(item: Item, letters: str) -> list[Mapping[str, Any]]:
    """The three answers as they are stored."""
    given = Annotation.objects.filter(item=item)
    asked = questions_of(item.project_id)
    return list(stored_answers(given, asked, item_spec(item, letters)).values())


def two_of_three(chances: Sequence[float]) -> float:
    """How likely two at least of three do what each does with a chance of their own."""
    p, q, r = chances
    return p * q + p * r + q * r - 2 * p * q * r


def fewest_of(n: int, chance: float) -> int:
    """Of `n` tries so many at least go well, but once in ten thousand times."""
    return int(binom.ppf(ONCE, n, chance))


def most_of(n: int, chance: float) -> int:
    """Of `n` tries so many at most go well, but once in ten thousand times."""
    return int(binom.ppf(1 - ONCE, n, chance))
