"""Projects, their questions and members, through the room."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.assignments.models import Assignment, AssignmentState
from annotator.core.errors import Conflict, Forbidden, Invalid
from annotator.core.reasons import Code
from annotator.items.models import Item
from annotator.projects import services
from annotator.projects.models import Membership, Project, Question, Template
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.projects.selectors import image_bounds, project_called, questions_of, spec_of
from annotator.projects.services import ProjectSettings
from annotator.projects.templates import TEMPLATES
from annotator.questions.kinds import KINDS
from tests import factories

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTINGS = ProjectSettings(name="Cats")
PICK = QuestionDraft("best", KINDS["pick"])
RATING = QuestionDraft("beauty", KINDS["rating"], scale_min=1, scale_max=5)
FLAGS = QuestionDraft("issues", KINDS["flags"], options=(OptionDraft("limbs"), OptionDraft("blur")))


def made(template: Template, *questions: QuestionDraft) -> Project:
    lead = factories.user(can_create_projects=True)
    return services.create_project(
        by=lead, template=template, settings=SETTINGS, questions=questions
    )


# The outside contract's table of templates.
CONTRACT = {
    "mps": {
        "aesthetics": "preference",
        "detail_quality": "preference",
        "semantic_alignment": "preference",
        "overall": "preference",
    },
    "richhf": {
        "implausibility": "marks",
        "misalignment": "marks",
        "misaligned_words": "words",
        "plausibility": "rating",
        "alignment": "rating",
        "aesthetics": "rating",
        "overall": "rating",
    },
    "imagereward": {
        "alignment": "rating",
        "fidelity": "rating",
        "overall": "rating",
        "issues": "flags",
        "ranking": "ranking",
    },
    "entitydraw": {"best": "pick", "photorealism": "flags", "faithfulness": "flags"},
    "hpsv3": {"overall": "preference"},
    "graded": {"overall": "graded"},
    "triage": {"verdict": "label"},
    "evalmuse": {"elements": "checklist", "alignment": "rating"},
    "edit": {
        "instruction_following": "rating",
        "preservation": "rating",
        "visual_quality": "rating",
    },
    "edit-graded": {
        "edit_followed": "graded",
        "edit_preserved": "graded",
        "edit_quality": "graded",
        "overall": "graded",
    },
    "richhf-plus": {
        "implausibility": "marks",
        "misalignment": "marks",
        "flaws": "regions",
        "misaligned_words": "words",
        "plausibility": "rating",
        "alignment": "rating",
        "aesthetics": "rating",
        "overall": "rating",
    },
}
BOUNDS = {
    "mps": (2, 2), "richhf": (1, 1), "imagereward": (4, 9), "entitydraw": (1, 4),
    "hpsv3": (2, 2), "graded": (2, 2), "triage": (1, 1), "evalmuse": (1, 1),
    "edit": (1, 9), "edit-graded": (2, 2), "richhf-plus": (1, 1),
}  # fmt: skip
SCALES = {
    "richhf": (1, 5),
    "imagereward": (1, 7),
    "graded": (1, 6),
    "evalmuse": (1, 5),
    "edit": (1, 4),
    "richhf-plus": (1, 5),
}


@pytest.mark.parametrize("template", CONTRACT)
def test_a_template_asks_what_the_contract_says(db: None, template: str) -> None:
    project = made(Template(template))

    questions = questions_of(project.pk)

    assert {question.key: question.kind for question in questions} == CONTRACT[template]
    bounds = image_bounds(project)
    assert (bounds.fewest, bounds.most) == BOUNDS[template]
    assert {
        (question.scale_min, question.scale_max)
        for question in questions
        if question.kind == "rating"
    } <= {SCALES.get(template)}
    assert all(question.title and len(question.help) > 60 for question in questions)
    assert all(spec_of(question).kind in KINDS for question in questions)


def test_triage_alone_asks_again_by_itself_unless_told_otherwise(db: None) -> None:
    begun = {template: made(Template(template)).ask_again_from for template in CONTRACT}

    assert {template: wide for template, wide in begun.items() if wide} == {"triage": 0.5}


def test_imagereward_flags_are_those_of_the_released_issue_file(db: None) -> None:
    made(Template.IMAGEREWARD)

    issues = Question.objects.get(key="issues")

    assert [option.key for option in issues.options.all()] == [
        "conflict",
        "limbs",
        "unclear",
        "toxic",
        "sex",
        "violence",
    ]


def test_entitydraws_judgements_are_about_the_picked_image(db: None) -> None:
    made(Template.ENTITYDRAW)

    about = dict(Question.objects.values_list("key", "about"))

    assert about == {"best": "", "photorealism": "best", "faithfulness": "best"}


def test_whoever_makes_a_project_manages_it(db: None) -> None:
    project = made(Template.MPS)

    membership = Membership.objects.get()

    assert (membership.user, membership.role) == (project.created_by, "manager")
    assert len(project.seed) == 64


def test_who_may_not_create_projects_makes_none(db: None) -> None:
    with pytest.raises(Forbidden):
        services.create_project(by=factories.user(), template=Template.MPS, settings=SETTINGS)

    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"overlap": 0}, "overlap"),
        ({"overlap": 10}, "overlap"),
        ({"review_rate": -0.1}, "review_rate"),
        ({"review_rate": 20.0}, "review_rate"),
        ({"review_rate": float("nan")}, "review_rate"),
        ({"lease_seconds": 29}, "lease_seconds"),
        ({"lease_seconds": 86_401}, "lease_seconds"),
        ({"guideline": "x" * 100_001}, "guideline"),
    ],
)
def test_settings_out_of_range_are_refused_in_words(
    db: None, change: dict[str, object], field: str
) -> None:
    lead = factories.user(can_create_projects=True)

    with pytest.raises(Invalid) as refused:
        services.create_project(
            by=lead,
            template=Template.MPS,
            settings=replace(SETTINGS, **change),  # type: ignore[arg-type]
        )

    assert set(refused.value.fields) == {field}
    assert Project.objects.count() == 0


@pytest.mark.parametrize(
    ("questions", "field", "code"),
    [
        ([], "questions", Code.QUESTION_COUNT),
        ([PICK] * 31, "questions", Code.QUESTION_COUNT),
        ([PICK, PICK], "questions.1.id", Code.KEY_TWICE),
        ([replace(PICK, key="Best one")], "questions.0.id", Code.KEY_UNFIT),
        ([replace(PICK, key="_")], "questions.0.id", Code.KEY_UNFIT),
        ([replace(PICK, key="x" * 51)], "questions.0.id", Code.KEY_UNFIT),
        ([replace(PICK, title="x" * 201)], "questions.0.title", Code.TEXT_TOO_LONG),
        ([replace(PICK, scale_min=1, scale_max=5)], "questions.0.scale", Code.KIND_WITHOUT_SCALE),
        (
            [replace(PICK, options=(OptionDraft("a"),))],
            "questions.0.options",
            Code.KIND_WITHOUT_OPTIONS,
        ),
        ([replace(RATING, scale_max=None)], "questions.0.scale", Code.KIND_NEEDS_SCALE),
        ([replace(RATING, scale_max=1)], "questions.0.scale", Code.SCALE_UNFIT),
        ([replace(RATING, scale_min=5, scale_max=1)], "questions.0.scale", Code.SCALE_UNFIT),
        ([replace(RATING, scale_min=-1)], "questions.0.scale", Code.SCALE_UNFIT),
        ([replace(RATING, scale_max=101)], "questions.0.scale", Code.SCALE_UNFIT),
        ([replace(FLAGS, options=())], "questions.0.options", Code.OPTION_COUNT),
        (
            [replace(FLAGS, options=(OptionDraft("a"), OptionDraft("a")))],
            "questions.0.options",
            Code.KEY_TWICE,
        ),
        ([replace(FLAGS, options=(OptionDraft("A!"),))], "questions.0.options", Code.KEY_UNFIT),
        ([replace(FLAGS, about="best")], "questions.0.about", Code.NO_PICK_BEFORE),
        ([replace(FLAGS, about="best"), PICK], "questions.0.about", Code.NO_PICK_BEFORE),
        ([PICK, replace(RATING, about="best")], "questions.1.about", Code.KIND_NOT_ABOUT_A_PICK),
    ],
)
def test_custom_questions_that_make_no_sense_are_refused(
    db: None, questions: list[QuestionDraft], field: str, code: Code
) -> None:
    with pytest.raises(Invalid) as refused:
        made(Template.CUSTOM, *questions)

    assert {name: reason.code for name, reason in refused.value.fields.items()} == {field: code}
    assert Project.objects.count() == Question.objects.count() == 0


def test_a_ready_templates_questions_are_its_own(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        made(Template.MPS, PICK)

    assert set(refused.value.fields) == {"questions"}


@pytest.mark.parametrize(
    ("kinds", "bounds"),
    [
        (["rating"], (1, 9)),
        (["ranking", "pick"], (2, 9)),
        (["preference", "ranking"], (2, 2)),
        (["preference", "comment"], (2, 2)),
    ],
)
def test_a_custom_projects_items_have_the_images_that_its_questions_need(
    db: None, kinds: list[str], bounds: tuple[int, int]
) -> None:
    scale = {"scale_min": 1, "scale_max": 5}
    drafts = [
        QuestionDraft(f"q{place}", KINDS[kind], **(scale if kind == "rating" else {}))
        for place, kind in enumerate(kinds)
    ]

    found = image_bounds(made(Template.CUSTOM, *drafts))

    assert (found.fewest, found.most) == bounds


def test_questions_keep_their_order_options_and_scale(db: None) -> None:
    project = made(Template.CUSTOM, PICK, replace(FLAGS, about="best"), RATING)

    questions = questions_of(project.pk)

    assert [question.key for question in questions] == ["best", "issues", "beauty"]
    assert spec_of(questions[1]).options == ("limbs", "blur")
    assert spec_of(questions[1]).about == "best"
    assert (questions[2].scale_min, questions[2].scale_max) == (1, 5)


def test_the_overlap_changes_until_something_is_uploaded(db: None) -> None:
    project = made(Template.CUSTOM, PICK)
    services.change_project(project, changes={"overlap": 5}, questions=[RATING])
    factories.batch(project)

    with pytest.raises(Conflict):
        services.change_project(project, changes={"overlap": 3, "name": "Dogs"})

    project.refresh_from_db()
    assert (project.overlap, project.name) == (5, "Cats")
    assert [question.key for question in questions_of(project.pk)] == ["beauty"]


def test_name_rate_guideline_and_lease_change_at_any_time(db: None) -> None:
    project = made(Template.MPS)
    factories.batch(project)

    services.change_project(
        project,
        changes={
            "name": "Dogs",
            "review_rate": 0.5,
            "guideline": "Look twice.",
            "lease_seconds": 60,
            "overlap": 3,
        },
    )

    project.refresh_from_db()
    assert (project.name, project.review_rate, project.guideline, project.lease_seconds) == (
        "Dogs",
        0.5,
        "Look twice.",
        60,
    )


def test_every_template_has_a_spec() -> None:
    assert set(TEMPLATES) == set(Template.values)


def test_the_last_manager_stays(project: Project) -> None:
    membership = Membership.objects.get()

    with pytest.raises(Conflict):
        pipeline.leave_project(membership, now=NOON)

    assert Membership.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_remove_each_other_at_once_leave_one() -> None:
    project = factories.project()
    factories.member(project, Role.MANAGER)
    start = Barrier(2)

    def remove(membership: Membership) -> bool:
        start.wait()
        try:
            pipeline.leave_project(membership, now=NOON)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        removed = list(threads.map(remove, Membership.objects.select_related("project", "user")))

    assert sorted(removed) == [False, True]
    assert Membership.objects.count() == 1


def test_what_a_removed_annotator_holds_goes_back_to_the_queue(project: Project) -> None:
    ada = factories.member(project, Role.ANNOTATOR)
    batch = factories.batch(project)
    item = Item.objects.create(project=project, batch=batch, key="1", prompt="a cat")
    held = Assignment.objects.create(
        project=project,
        item=item,
        slot=0,
        position=1,
        shown_order="ab",
        state=AssignmentState.CLAIMED,
        annotator=ada,
        claimed_at=NOON,
        lease_expires_at=NOON + timedelta(minutes=10),
    )

    pipeline.leave_project(Membership.objects.get(user=ada), now=NOON)

    held.refresh_from_db()
    assert (held.state, held.annotator) == (AssignmentState.OPEN, None)
    assert not Membership.objects.filter(user=ada).exists()


def test_create_user_makes_a_lead(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("a longer walk home\n"))

    call_command("create_user", "ada", "--lead", "--password-stdin", stdout=StringIO())

    ada = User.objects.get()
    assert ada.can_create_projects
    assert ada.check_password("a longer walk home")


def test_create_user_joins_a_project(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("a longer walk home\n"))

    call_command(
        "create_user",
        "grace",
        f"--project={project.pk}",
        "--role=reviewer",
        "--password-stdin",
        stdout=StringIO(),
    )

    grace = User.objects.get(username="grace")
    assert not grace.can_create_projects
    assert list(grace.memberships.values_list("project", "role")) == [(project.pk, "reviewer")]


@pytest.mark.parametrize(
    ("arguments", "password"),
    [(["ada"], "short"), (["ada"], ""), (["ada", "--project=999"], "a longer walk home")],
)
def test_create_user_refuses_in_words_and_makes_nobody(
    db: None, monkeypatch: pytest.MonkeyPatch, arguments: list[str], password: str
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))

    with pytest.raises(CommandError):
        call_command("create_user", *arguments, "--password-stdin")

    assert User.objects.count() == 0


@pytest.mark.django_db
def test_a_number_names_its_project_also_when_another_is_called_by_it() -> None:
    numbered = factories.project()
    Project.objects.filter(pk=factories.project().pk).update(name=str(numbered.pk))

    assert project_called(str(numbered.pk)) == numbered
