"""Trees of options, and regions as answers: parsed, kept, voted on, by hand."""

from typing import Any

import pytest
from django.utils import timezone

from annotator import pipeline
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.consensus.findings import findings
from annotator.consensus.models import Finding
from annotator.core.reasons import Code
from annotator.projects.drafts import refusals_of
from annotator.projects.models import Option, Project
from annotator.projects.question_drafts import OptionDraft, QuestionDraft
from annotator.questions.kinds import KINDS
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, PieceType, QuestionSpec
from annotator.reports.metrics.judged import dimensions_of, judged, pieces_of, shown_of
from tests import factories
from tests import judged as made
from tests.drivers import Annotator, signed_in
from tests.rooms.exported import batch, people

PAIR = ItemSpec(letters=("a", "b"))
ASKED = QuestionSpec(
    "flaws",
    "regions",
    options=("body", "hands", "finger", "text"),
    parents=("", "body", "hands", ""),
)
KIND = KINDS["regions"]
BOX = [0.25, 0.5, 0.25, 0.5]
DAB = {"tool": "brush", "radius": 0.1, "points": [[0.5, 0.5]]}
LASSO = {"tool": "lasso", "points": [[0.1, 0.1], [0.2, 0.1], [0.2, 0.2]]}
ERASED = {"tool": "erase", "radius": 0.05, "points": [[0.5, 0.5]]}


def regions(*on_a: Any, b: Any = ()) -> dict[str, Any]:
    return {"regions": {"a": list(on_a), "b": list(b)}}


def test_a_region_is_kept_as_its_vectors_in_one_piece() -> None:
    raw = regions({"flaw": "hands", "box": BOX}, {"flaw": "text", "strokes": [DAB, LASSO, ERASED]})

    pieces = KIND.parse(raw, ASKED, PAIR)

    assert pieces[0] == Piece(
        PieceType.REGION, letter="a", choice="hands", text='{"box":[0.25,0.5,0.25,0.5]}'
    )
    assert pieces[1].ordinal == 1
    assert pieces[1].text.startswith('{"strokes":[{"tool":"brush","radius":0.1,"points":[[0.5,0.5]')
    assert pieces[2] == Piece(PieceType.NOTHING, letter="b")
    assert KIND.dump(pieces, ASKED, PAIR) == raw


def test_coordinates_are_kept_to_five_digits() -> None:
    given = regions({"flaw": "text", "box": [0.123456, 1 / 3, 2 / 3, 2 / 3]})

    dumped = KIND.dump(KIND.parse(given, ASKED, PAIR), ASKED, PAIR)

    assert dumped == regions({"flaw": "text", "box": [0.12346, 0.33333, 0.66667, 0.66667]})


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ({"flaw": "text"}, Code.ANSWER_NOT_A_REGION),
        ({"flaw": "text", "box": BOX, "strokes": [DAB]}, Code.ANSWER_NOT_A_REGION),
        ({"flaw": "foot", "box": BOX}, Code.ANSWER_NOT_OFFERED),
        ({"flaw": "text", "box": [0, 0, 1]}, Code.ANSWER_NOT_A_BOX),
        ({"flaw": "text", "box": [0, 0, 0, 1]}, Code.ANSWER_NOT_A_BOX),
        ({"flaw": "text", "box": [0.5, 0, 0.6, 1]}, Code.ANSWER_NOT_A_BOX),
        ({"flaw": "text", "box": [0, 0, 2, 1]}, Code.ANSWER_NOT_A_FRACTION),
        ({"flaw": "text", "strokes": []}, Code.ANSWER_BEGINS_WITH_ERASER),
        ({"flaw": "text", "strokes": [ERASED, DAB]}, Code.ANSWER_BEGINS_WITH_ERASER),
        ({"flaw": "text", "strokes": [{**LASSO, "radius": 1}]}, Code.ANSWER_NOT_A_STROKE),
        ({"flaw": "text", "strokes": [{**DAB, "radius": 0}]}, Code.ANSWER_NOT_A_STROKE),
        ({"flaw": "text", "strokes": [{**DAB, "points": []}]}, Code.ANSWER_NOT_A_STROKE),
        ({"flaw": "text", "strokes": [{**DAB, "points": [[1]]}]}, Code.ANSWER_NOT_A_STROKE),
        (
            {"flaw": "text", "strokes": [{**LASSO, "points": LASSO["points"][:2]}]},
            Code.ANSWER_NOT_A_STROKE,
        ),
        ({"flaw": "text", "strokes": [DAB] * 201}, Code.ANSWER_TOO_MANY),
        (
            {"flaw": "text", "strokes": [{**DAB, "points": [[0.5, 0.5]] * 2501}] * 2},
            Code.ANSWER_TOO_MANY,
        ),
    ],
)
def test_what_is_no_region_is_refused(region: dict[str, Any], code: Code) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse(regions(region), ASKED, PAIR)

    assert refused.value.why.code == code


def test_an_image_has_fifty_regions_at_most() -> None:
    fifty = [{"flaw": "text", "box": BOX}] * 50

    assert len(KIND.parse(regions(*fifty), ASKED, PAIR)) == 51
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse(regions(*fifty, fifty[0]), ASKED, PAIR)
    assert refused.value.why.code == Code.ANSWER_TOO_MANY


@pytest.mark.parametrize("kind", ["regions", "flags"])
def test_who_says_hands_says_body(kind: str) -> None:
    question = QuestionSpec("flaws", kind, options=ASKED.options, parents=ASKED.parents)

    def said(*chosen: str) -> tuple[Piece, ...]:
        on_a = [{"flaw": one, "box": BOX} for one in chosen] if kind == "regions" else [*chosen]
        return KINDS[kind].parse({kind: {"a": on_a, "b": []}}, question, PAIR)

    found = findings([said("finger"), said("hands"), said("text", "body")], question, PAIR)

    assert [(one.key, one.votes, one.decided) for one in found if one.letter == "a"] == [
        ("body", 3, True),
        ("finger", 1, False),
        ("hands", 2, True),
        ("text", 1, False),
        ("nothing", 0, False),
    ]


def test_numbers_are_regions_area_and_flaws() -> None:
    item = ItemSpec(letters=("a", "b"), sizes=((400, 200), (100, 100)))
    overlapping = [{"flaw": "hands", "box": [0, 0, 0.5, 0.5]}, {"flaw": "text", "box": BOX}]
    disk = [{"flaw": "text", "strokes": [{**DAB, "radius": 0.5}]}]

    pieces = KIND.parse(regions(*overlapping, b=disk), ASKED, item)

    assert KIND.numbers(pieces, ASKED, item, "a") == {
        "regions": 2,
        "area": 0.25 + 0.125,
        "flaw_body": 1.0,
        "flaw_hands": 1.0,
        "flaw_finger": 0.0,
        "flaw_text": 1.0,
    }
    # A disk as high as the image: pi / 4 of a square one.
    assert KIND.numbers(pieces, ASKED, item, "b")["area"] == pytest.approx(3.14159 / 4, abs=1e-3)
    on_a = KIND.together
    assert on_a is not None
    assert on_a.value([pieces, pieces[:1] + pieces[2:]], ASKED, item)["votes"][0] == {
        "people": 2,
        "flaw_body": 2,
        "flaw_hands": 2,
        "flaw_finger": 0,
        "flaw_text": 1,
    }


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("flags", [("hands", "body"), ("body", "")], Code.OPTION_PARENT_NOT_ABOVE),
        ("flags", [("hands", "hands")], Code.OPTION_PARENT_NOT_ABOVE),
        ("regions", [("hands", "feet")], Code.OPTION_PARENT_NOT_ABOVE),
        ("regions", [("a", ""), ("b", "a"), ("c", "b"), ("d", "c")], Code.OPTION_TOO_DEEP),
        ("label", [("real", ""), ("fake", "real")], Code.KIND_OPTIONS_FLAT),
        ("regions", [], Code.OPTION_COUNT),
        ("regions", [("a", ""), ("b", "a"), ("c", "b"), ("d", "a")], None),
    ],
)
def test_a_tree_of_options_has_its_parents_above_and_three_levels(
    kind: str, options: list[tuple[str, str]], code: Code | None
) -> None:
    drafts = tuple(OptionDraft(key, parent=parent) for key, parent in options)

    found = refusals_of([QuestionDraft("flaws", KINDS[kind], options=drafts)])

    assert {path: why.code for path, why in found.items()} == (
        {"questions.0.options": code} if code else {}
    )


QUESTION = {
    "id": "flaws",
    "type": "regions",
    "options": [{"id": "body"}, {"id": "hands", "parent": "body"}],
}


@pytest.mark.django_db
def test_a_tree_is_composed_copied_answered_and_told_again() -> None:
    lead = signed_in(factories.user(can_create_projects=True))
    body = {"name": "Trees", "template": "custom", "questions": [QUESTION]}

    project = lead.post("/api/v1/projects", body, format="json").json()
    copy = lead.post(
        f"/api/v1/projects/{project['id']}/duplicate", {"name": "Copy"}, format="json"
    ).json()

    tree = [("body", ""), ("hands", "body")]
    assert [(o["id"], o["parent"]) for o in project["questions"][0]["options"]] == tree
    rows = Option.objects.filter(question__project=copy["id"])
    assert list(rows.values_list("key", "parent")) == tree


@pytest.mark.django_db
def test_boards_count_who_saw_a_flaw_or_one_below_it() -> None:
    project = factories.project("custom")
    made.question(project, "flaws", "regions", ["body", "body/hands"])
    made.question(project, "issues", "flags", ["body", "body/hands"])
    item = made.item(batch(project), "1", "a hand", ["painter"])
    said = [["hands"], ["body"], []]
    for slot, (person, flags) in enumerate(zip(people(project), said, strict=True)):
        given = {
            "flaws": {"regions": {"a": [{"flaw": flag, "box": BOX} for flag in flags] * 2}},
            "issues": {"flags": {"a": flags}},
        }
        made.answer(item, person, given, slot=slot)
    made.settle(item)

    shown = shown_of(project)
    shares = {
        one.key: judged(one, pieces_of(project, one, shown), shown).mean[0]
        for one in dimensions_of(project)
    }

    # Two regions of one flaw are one vote, and a hand is a body.
    assert shares == pytest.approx(
        {
            "flaws.body": 2 / 3,
            "flaws.hands": 1 / 3,
            "issues.body": 2 / 3,
            "issues.hands": 1 / 3,
        }
    )


@pytest.mark.django_db
def test_regions_are_answered_and_pass_the_audit() -> None:
    lead = factories.user(can_create_projects=True)
    body = {"name": "Trees", "template": "custom", "questions": [QUESTION], "review_rate": 0}
    made_by_lead = signed_in(lead).post("/api/v1/projects", body, format="json").json()
    project = Project.objects.get(pk=made_by_lead["id"])
    uploaded = factories.batch(project, state="running")
    made.item(uploaded, "1", "a hand", ["painter"])
    pipeline.open_batch(uploaded, now=timezone.now())
    painted = [{"flaw": "hands", "strokes": [DAB, ERASED]}]

    for drawn in (painted, painted, []):
        person = Annotator(factories.member(project), project)
        person.claim().submit({"flaws": {"regions": {"a": drawn}}})

    found = Finding.objects.order_by("key").values_list("key", "votes", "decided")
    assert list(found) == [("body", 2, True), ("hands", 2, True), ("nothing", 1, False)]
    scope = Scope(now=timezone.now(), project_id=project.pk)
    # The images' thumbnails are rows without files.
    outcomes = [check(one, scope) for one in INVARIANTS if one.name != "images-there"]
    assert [(o.invariant.name, o.examples) for o in outcomes if o.violations] == []
