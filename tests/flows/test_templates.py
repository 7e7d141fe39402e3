"""All templates, from claim to consensus, answered by simulated people."""

from typing import Any

import pytest
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import answers_of
from annotator.annotations.services import Submission
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.consensus.models import Consensus, Finding
from annotator.core.reasons import Code, Reason
from annotator.items.models import Item
from annotator.items.selectors import item_spec
from annotator.projects.models import Project, Template
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.projects.selectors import questions_of
from annotator.projects.services import ProjectSettings, create_project
from annotator.questions.kinds import KINDS, AnswersInvalid
from demo.people import annotators
from demo.simulation import Simulation, hire
from tests import factories

pytestmark = pytest.mark.django_db

EVERY_KIND = (
    QuestionDraft("better", KINDS["preference"]),
    QuestionDraft("order", KINDS["ranking"]),
    QuestionDraft("score", KINDS["rating"], scale_min=0, scale_max=10),
    QuestionDraft("broken", KINDS["marks"]),
    QuestionDraft("wrong_words", KINDS["words"]),
    QuestionDraft("best", KINDS["pick"]),
    QuestionDraft(
        "issues", KINDS["flags"], options=(OptionDraft("blurred"), OptionDraft("cropped"))
    ),
    QuestionDraft("remark", KINDS["comment"]),
    QuestionDraft("afterthought", KINDS["comment"], required=False),
)
CHECKLIST = [
    {"id": "cube", "text": "Is there a cube?", "kind": "object", "depends_on": []},
    {"id": "red", "text": "Is the cube red?", "kind": "colour", "depends_on": ["cube"]},
    {"id": "table", "text": "Is it on a table?", "kind": "place", "depends_on": ["cube"]},
]
TEMPLATES = [
    (Template.MPS, 2, ()),
    (Template.RICHHF, 1, ()),
    (Template.IMAGEREWARD, 5, ()),
    (Template.ENTITYDRAW, 4, ()),
    (Template.EVALMUSE, 1, ()),
    (Template.EDIT, 3, ()),
    (Template.CUSTOM, 2, EVERY_KIND),
]


def made(template: Template, questions: tuple[QuestionDraft, ...] = (), **fields: Any) -> Project:
    return create_project(
        by=factories.user(can_create_projects=True),
        template=template,
        settings=ProjectSettings(name=template, **fields),
        questions=questions,
    )


def opened(project: Project, images: int) -> list[Item]:
    """Four items that are put to people, each with a checklist."""
    made = factories.open_items(project, 4, images=images, prompt="a red cube on a table")
    for item in made:
        item.checklist = CHECKLIST
        item.save()
    return made


@pytest.mark.parametrize(("template", "images", "questions"), TEMPLATES)
def test_a_template_is_claimed_answered_and_settled(
    template: Template, images: int, questions: tuple[QuestionDraft, ...]
) -> None:
    project = made(template, questions, review_rate=0.0)
    items = opened(project, images)
    workers = hire(project, annotators(3), Role.ANNOTATOR)

    list(Simulation(project, seed=1, clock=timezone.now).annotate(workers))

    asked = questions_of(project.pk)
    assert Annotation.objects.count() == 4 * 3
    assert Consensus.objects.filter(project=project, annotations=3).count() == 4
    for question in asked:
        findings = Finding.objects.filter(question=question)
        assert findings.exists() == (question.kind != "comment"), question.key
    # What is stored is what was said: each answer reads again as one that is taken.
    for item in items:
        spec = item_spec(item, "abcdefghi"[:images])
        said = answers_of(Annotation.objects.filter(item=item), asked, spec)
        assert len(said) == 3
        for answers in said.values():
            assert set(answers) == {question.key for question in asked}


@pytest.mark.parametrize(("template", "images", "questions"), TEMPLATES)
def test_every_promise_holds_after_a_simulated_project(
    template: Template, images: int, questions: tuple[QuestionDraft, ...]
) -> None:
    project = made(template, questions, review_rate=0.5)
    opened(project, images)
    simulation = Simulation(project, seed=2, clock=timezone.now)
    (reviewer,) = hire(project, annotators(1, 1.0), Role.REVIEWER)
    workers = hire(project, annotators(6, 0.6)[1:], Role.ANNOTATOR)

    for _ in range(3):
        list(simulation.annotate(workers))
        list(simulation.review(reviewer))

    scope = Scope(now=timezone.now(), project_id=project.pk)
    # The images of these items are rows without files.
    outcomes = [check(one, scope) for one in INVARIANTS if one.name != "images-there"]
    assert [(o.invariant.name, o.examples) for o in outcomes if o.violations] == []


def test_an_answer_that_can_not_be_taken_changes_nothing() -> None:
    project = made(Template.RICHHF)
    factories.open_items(project, 1, images=1)
    person = factories.member(project)
    (assignment,) = pipeline.claim(person, project.pk, count=1, now=timezone.now())

    with pytest.raises(AnswersInvalid) as refusal:
        pipeline.submit(
            person,
            assignment.pk,
            Submission(key="a-short-answer", answers={"overall": {"ratings": {"a": 6}}}),
            now=timezone.now(),
        )

    assert refusal.value.fields["overall"] == Reason(
        Code.ANSWER_OUT_OF_RANGE, where="ratings.a", low=1, high=5
    )
    assert refusal.value.fields["implausibility"] == Reason(Code.NOT_ANSWERED)
    assert Annotation.objects.count() == AnnotationPiece.objects.count() == 0
    assignment.refresh_from_db()
    assert assignment.state == "claimed"
