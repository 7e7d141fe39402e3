"""Questions in versions: what is begun keeps what it was asked, what is not is asked anew."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.response import Response

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.consensus.models import Consensus, Finding
from annotator.items.models import Item
from annotator.pipeline import known_answers
from annotator.projects.models import Project, Question, Template
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.selectors import image_bounds, questions_asked
from annotator.projects.services import ProjectSettings, create_project
from annotator.questions.kinds import KINDS
from tests import factories
from tests.drivers import Annotator, signed_in
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db

BEST = {"id": "best", "type": "preference", "title": "Best"}
NICE = {"id": "nice", "type": "preference", "title": "Nicer"}
LIGHT = {"id": "light", "type": "rating", "title": "Light", "scale": {"min": 1, "max": 5}}


def asking(*, items: int, **settings: Any) -> tuple[Project, list[Item]]:
    """A project that asks which image is best, with so many open items."""
    project = create_project(
        by=factories.user(can_create_projects=True),
        template=Template.CUSTOM,
        settings=ProjectSettings("Versions", review_rate=0.0, **settings),
        questions=[QuestionDraft("best", KINDS["preference"], "Best")],
    )
    return project, factories.open_items(project, items)


def annotator(project: Project) -> Annotator:
    return Annotator(factories.member(project), project)


def ask(project: Project, *questions: dict[str, Any]) -> Response:
    answer = signed_in(project.created_by).patch(
        f"/api/v1/projects/{project.pk}", {"questions": list(questions)}, format="json"
    )
    project.refresh_from_db()
    return answer


def says(choice: str) -> dict[str, Any]:
    return {"best": {"choice": choice}}


def lights(light: int, choice: str = "a") -> dict[str, Any]:
    return {"light": {"ratings": {"a": light, "b": light}}, "nice": {"choice": choice}}


def test_until_somebody_begins_questions_change_in_place() -> None:
    project, _ = asking(items=2)

    answer = ask(project, {**LIGHT, "title_zh": "光线"})

    assert answer.status_code == 200, answer.content
    assert (answer.json()["asked"], answer.json()["former_questions"]) == (1, [])
    assert [row.key for row in Question.objects.filter(project=project)] == ["light"]
    assert answer.json()["questions"][0]["title_zh"] == "光线"


def test_items_that_are_begun_keep_their_questions_and_the_others_are_asked_anew() -> None:
    project, _ = asking(items=3)
    first = annotator(project).claim().submit(says("a"))
    holder = annotator(project).claim()

    answer = ask(project, NICE, LIGHT)

    assert answer.status_code == 200, answer.content
    assert answer.json()["asked"] == 2
    assert [one["id"] for one in answer.json()["questions"]] == ["nice", "light"]
    assert [one["id"] for one in answer.json()["former_questions"]] == ["best"]
    begun = Item.objects.get(asked=1)
    assert Item.objects.filter(asked=None).count() == 2

    holder.submit(says("b"))
    third = annotator(project).claim()
    assert third.held[0]["asked"] == 1
    third.submit(says("a"))
    assert {each.question.key for each in Finding.objects.filter(consensus__item=begun)} == {"best"}

    # The first has answered the item that was begun; the next is asked by the newest version.
    first.claim()
    assert first.held[0]["asked"] == 2
    refused = first.put(first.held[0]["id"], says("a"))
    assert refused.status_code == 400
    first.submit(lights(4))
    for _ in range(2):
        annotator(project).claim().submit(lights(4))
    assert Consensus.objects.count() == 2
    assert broken_but_files() == set()


def test_words_and_order_touch_no_version_and_no_answer() -> None:
    project, _ = asking(items=1)
    annotator(project).claim().submit(says("a"))

    answer = ask(project, {**BEST, "title": "The best", "help": "Look twice.", "help_zh": "看两遍"})

    assert answer.status_code == 200, answer.content
    assert answer.json()["asked"] == 1
    assert answer.json()["questions"][0]["title"] == "The best"
    assert AnnotationPiece.objects.get().question.help_zh == "看两遍"
    assert Item.objects.get().asked is None


@pytest.mark.parametrize(
    "changed", [{**BEST, "required": False}, {**LIGHT, "id": "best"}, {**BEST, "type": "pick"}]
)
def test_what_answers_stand_under_can_mean_nothing_else(changed: dict[str, Any]) -> None:
    project, _ = asking(items=1)
    annotator(project).claim().submit(says("a"))

    answer = ask(project, NICE, changed)

    assert answer.status_code == 400
    assert answer.json()["fields"]["questions.1.id"]["code"] == "key_answered"
    assert project.asked == 1
    assert [row.key for row in questions_asked(project.pk)] == ["best"]


def test_a_key_that_is_asked_no_more_does_not_come_back_for_something_else() -> None:
    project, _ = asking(items=1)
    annotator(project).claim().submit(says("a"))
    ask(project, NICE)

    answer = ask(project, NICE, BEST)

    assert answer.json()["fields"]["questions.1.id"]["code"] == "key_answered"


def test_questions_must_fit_the_items_that_are_there() -> None:
    project, _ = asking(items=2)
    factories.open_items(project, 1, prompt="")

    answer = ask(project, BEST, {"id": "words", "type": "words"})

    reason = answer.json()["fields"]["questions"]
    assert (reason["code"], reason["params"]) == ("questions_misfit_items", {"count": 1})
    assert (image_bounds(project).fewest, project.version) == (2, 1)


def test_an_answer_to_former_questions_is_kept_and_does_not_count() -> None:
    project, _ = asking(items=2)
    late = annotator(project).claim()
    held = late.held[0]["id"]
    annotator(project).claim().submit(says("a"))
    ask(project, NICE)
    # As if the lease had run out before the change, and nobody had begun the item.
    item = Item.objects.get(pk=late.held[0]["item"]["id"])
    Item.objects.filter(pk=item.pk).update(asked=None)
    Annotation.objects.filter(item=item).delete()

    answer = late.client.put(
        f"/api/v1/assignments/{held}/annotation?asked=1",
        {"answers": says("b")},
        format="json",
        headers={"Idempotency-Key": "former-questions"},
    )

    assert answer.status_code == 201, answer.content
    assert answer.json()["counted"] is False
    assert AnnotationPiece.objects.get(annotation=answer.json()["id"]).question.key == "best"


def test_gold_of_former_questions_is_given_to_nobody() -> None:
    project, [item] = asking(items=1)
    for _ in range(3):
        annotator(project).claim().submit(says("a"))
    gold = known_answers.make_gold(project.created_by, item.pk, now=timezone.now())
    ask(project, NICE)

    gold.item.refresh_from_db()
    assert gold.item.asked == 1
    factories.open_items(project, 1)
    signed_in(project.created_by).put(
        f"/api/v1/projects/{project.pk}/gold",
        {
            "gold_rate": 1, "repeat_rate": 0, "distance": 0, "good": 0.9, "bad": 0.7,
            "alpha": 0.05, "beta": 0.05, "consequence": "nothing",
        },
        format="json",
    )  # fmt: skip
    person = annotator(project).claim()
    assert [held["asked"] for held in person.held] == [2]
