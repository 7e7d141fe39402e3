"""A kind of question that the product doesn't know passes from a project to its exports.

The kind is this file's; nothing else is changed for it than that it is one of KINDS.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import User
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.consensus.models import Finding
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project
from annotator.questions import reading
from annotator.questions.kinds import KINDS
from annotator.questions.types import (
    AnswerInvalid,
    ItemSpec,
    Kind,
    Numbers,
    Piece,
    PieceType,
    QuestionSpec,
    Unit,
    Vote,
)
from annotator.reports.metrics import judged as human
from tests import factories, judged
from tests.drivers import Annotator, signed_in
from tests.rooms.exported import made, manifest, rows
from tests.rooms.test_exports_scores import table

pytestmark = pytest.mark.django_db

MOST = 3


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"stars": {"a": 3, "b": null}}: up to three stars, or nothing said of an image."""
    stars = reading.by_letter(raw, "stars", question, item.letters)
    if not any(stars.values()):
        raise AnswerInvalid(question, Reason(Code.ANSWER_EMPTY))
    return tuple(_piece(letter, given, question) for letter, given in stars.items())


def _piece(letter: str, given: Any, question: QuestionSpec) -> Piece:
    if given is None:
        return Piece(PieceType.NOTHING, letter=letter)
    number = reading.whole(given, 0, MOST, f"stars.{letter}", question)
    return Piece(PieceType.NUMBER, letter=letter, number=number)


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    return {"stars": {piece.letter: piece.number for piece in sorted(pieces)}}


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    given = {piece.letter: piece.number for piece in sorted(pieces)}
    return tuple(Vote(Unit(x), n / MOST) for x, n in given.items() if n is not None)


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    given = {piece.letter: piece.number for piece in pieces}.get(letter)
    return {} if given is None else {"mean": given}


STARS_OR_NOTHING = Kind(
    name="stars_or_nothing",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.NUMBER, PieceType.NOTHING}),
    level="interval",
    unit="image",
    columns=lambda question: {"mean": "mean number of stars"},
    numbers=numbers,
)
ASKED = {"id": "stars", "type": "stars_or_nothing", "title": "Stars"}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, STARS_OR_NOTHING.name, STARS_OR_NOTHING)


@pytest.fixture
def manager() -> User:
    return factories.user(can_create_projects=True)


def compose(manager: User, **fields: Any) -> Project:
    """A custom project that asks for stars, made over HTTP, with one item of two images open."""
    answer = signed_in(manager).post(
        "/api/v1/projects",
        {"name": "Stars", "template": "custom", "questions": [ASKED], "review_rate": 0, **fields},
        format="json",
    )
    assert answer.status_code == 201, answer.json()
    assert answer.json()["questions"][0]["type"] == "stars_or_nothing"
    project = Project.objects.get(pk=answer.json()["id"])
    batch = factories.batch(project, state="running")
    judged.item(batch, "1", "a red cube", ["painter", "drawer"])
    pipeline.open_batch(batch, now=timezone.now())
    return project


def annotated(project: Project) -> None:
    for stars in ({"a": 3, "b": None}, {"a": 2, "b": 0}, {"a": 1, "b": 0}):
        person = Annotator(factories.member(project), project)
        person.claim().submit({"stars": {"stars": stars}})


def test_its_answers_are_read_and_refused_by_its_own_file(manager: User) -> None:
    project = compose(manager)
    person = Annotator(factories.member(project), project).claim()

    refused = person.put(person.held[0]["id"], {"stars": {"stars": {"a": 4, "b": None}}})

    assert refused.status_code == 400
    assert refused.json()["fields"]["stars"]["code"] == "answer_out_of_range"
    assert refused.json()["fields"]["stars"]["params"] == {"where": "stars.a", "low": 0, "high": 3}


def test_its_votes_are_put_together_compared_and_checked(manager: User) -> None:
    project = compose(manager)
    annotated(project)

    found = Finding.objects.order_by("letter", "key")
    assert [(row.letter, row.key, row.votes, row.value) for row in found] == [
        ("a", "maxdiff", 3, pytest.approx(2 / 3)),
        ("a", "mean", 3, pytest.approx(2 / 3)),
        ("b", "maxdiff", 2, 0.0),
        ("b", "mean", 2, 0.0),
        # One of three: counted, and no number.
        ("b", "nothing", 1, None),
    ]
    report = signed_in(manager).get(f"/api/v1/projects/{project.pk}/reports/agreement").json()
    [stars] = report["questions"]
    assert (stars["type"], stars["level"], stars["n"]) == ("stars_or_nothing", "interval", 1)
    # In thirds: units (3, 2, 1) and (0, 0). Do = (1 + 4 + 1) · 2 / 2 / 5 = 6/5,
    # De = 2 · (2 · (9 + 4 + 1) + 1 + 4 + 1) / (5 · 4) = 17/5.
    assert stars["alpha"] == pytest.approx(1 - (6 / 5) / (17 / 5))
    scope = Scope(now=timezone.now(), project_id=project.pk)
    # The images' thumbnails are rows without files.
    outcomes = [check(one, scope) for one in INVARIANTS if one.name != "images-there"]
    assert [(o.invariant.name, o.examples) for o in outcomes if o.violations] == []


def test_an_answer_that_it_would_refuse_is_found_by_the_audit(manager: User) -> None:
    project = compose(manager)
    annotated(project)
    piece = judged.AnnotationPiece.objects.filter(number=3)[0]
    judged.AnnotationPiece.objects.filter(pk=piece.pk).update(number=4)

    scope = Scope(now=timezone.now(), project_id=project.pk)
    [offered] = [check(one, scope) for one in INVARIANTS if one.name == "answers-offered"]

    assert offered.violations == 1


def test_metrics_are_held_against_it(manager: User) -> None:
    project = compose(manager)
    annotated(project)

    [stars] = human.dimensions_of(project)
    shown = human.shown_of(project)
    found = human.judged(stars, human.pieces_of(project, stars, shown), shown)

    assert (stars.key, stars.human_unit) == ("stars", "image")
    by_generator = {shown.generators[shown.generator[u]]: found.mean[u] for u in (0, 1)}
    assert by_generator == {"painter": 2.0, "drawer": 0.0}


@pytest.mark.django_db(transaction=True)
def test_it_is_exported(manager: User, tmp_path: Path) -> None:
    project = compose(manager)
    annotated(project)

    said = made(project, "annotations", tmp_path / "annotations", images=False)
    scores = made(project, "scores", tmp_path / "scores", images=False)

    given = [row["answers"]["stars"] for row in rows(said, "annotations.jsonl")]
    assert sorted(given, key=str) == [
        {"stars": {"a": 1, "b": 0}},
        {"stars": {"a": 2, "b": 0}},
        {"stars": {"a": 3, "b": None}},
    ]
    by_generator = {row["generator"]: row for row in table(scores)}
    painter, drawer = by_generator["painter"], by_generator["drawer"]
    assert (painter["stars.mean"], painter["stars.spread"], painter["stars.n"]) == (2.0, 2.0, 3)
    assert (drawer["stars.mean"], drawer["stars.spread"], drawer["stars.n"]) == (0.0, 0.0, 2)
    assert manifest(scores)["schema"]["scores.csv"]["stars.mean"] == "mean number of stars"
