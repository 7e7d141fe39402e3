"""The best and the worst of several: votes, consensus, pairs, board and agreement, by hand."""

import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from annotator.consensus.findings import Found, findings
from annotator.core.reasons import Code, Reason
from annotator.gold.judging import Truth as Known
from annotator.gold.judging import is_right, truths
from annotator.questions.kinds import KINDS, parse_answers, relettered, votes_of
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec
from annotator.reports.agreement import agreement_of
from annotator.reports.boards.shapes import Encounter, Measure
from annotator.reports.leaderboard import leaderboard_report_of
from demo.answers import Truth, answers_of
from tests import factories, judged
from tests.rooms.exported import batch, made, manifest, people

FOUR = ItemSpec(letters=("a", "b", "c", "d"))
ENDS = QuestionSpec("ends", "best_worst")
KIND = KINDS["best_worst"]


def answer(ends: str) -> tuple[Piece, ...]:
    return KIND.parse({"best": ends[0], "worst": ends[1]}, ENDS, FOUR)


@pytest.mark.parametrize(
    ("raw", "item", "code"),
    [
        ({"best": "a", "worst": "a"}, FOUR, Code.ANSWER_BEST_IS_WORST),
        ({"best": "a"}, FOUR, Code.ANSWER_KEY_MISSING),
        ({"best": "a", "worst": "e"}, FOUR, Code.ANSWER_NOT_OFFERED),
        ({"best": "a", "worst": "b", "next": "c"}, FOUR, Code.ANSWER_UNKNOWN_KEY),
        ("a", FOUR, Code.ANSWER_NOT_AN_OBJECT),
        ({"best": "a", "worst": "b"}, ItemSpec(("a", "b")), Code.ANSWER_TOO_FEW_IMAGES),
    ],
)
def test_two_images_of_three_at_least_are_an_answer(raw: Any, item: ItemSpec, code: Code) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        KIND.parse(raw, ENDS, item)

    assert refused.value.why.code == code


def test_those_between_share_the_mean_rank_there() -> None:
    pieces = answer("ca")

    ranks = {unit.letter: value for unit, value in votes_of(pieces, ENDS, FOUR)}
    assert ranks == {"c": 1, "b": 2.5, "d": 2.5, "a": 4}
    turned = relettered(pieces, ENDS, {"a": "c", "c": "a"})
    assert KIND.dump(turned, ENDS, FOUR) == {"best": "a", "worst": "c"}


def test_what_people_say_together_is_of_ranks_and_of_pairs_that_most_agree_on() -> None:
    given = [answer("ad"), answer("ad"), answer("bd")]

    found = {(one.letter, one.key): one for one in findings(given, ENDS, FOUR)}

    # a: 1, 1, 2.5; b: 2.5, 2.5, 1; c: 2.5 each; d: 4 each.
    assert found["a", "rank"] == Found("rank", 3, 3, "a", value=1.5, decided=True)
    assert found["a", "over_b"] == Found("over_b", 2, 3, "a", decided=True)
    assert found["c", "over_d"] == Found("over_d", 3, 3, "c", decided=True)
    assert ("b", "over_c") not in found
    assert KIND.together is not None
    assert KIND.together.value(given, ENDS, FOUR) == {
        "best": [2, 1, 0, 0],
        "worst": [0, 0, 0, 3],
        "scores": [2 / 3, 1 / 3, 0, -1],
    }


def test_known_is_what_all_say() -> None:
    known = truths(findings([answer("ad"), answer("bd")], ENDS, FOUR), ENDS)

    # Everybody has d behind the others.
    assert known == [Known("a", "over_d"), Known("b", "over_d"), Known("c", "over_d")]
    assert is_right({"ends": answer("cd")}, {ENDS: known}, FOUR) is True
    assert is_right({"ends": answer("dc")}, {ENDS: known}, FOUR) is False


@pytest.mark.django_db
def test_its_board_is_of_the_best_less_the_worst_and_nobody_tied_those_between() -> None:
    project = factories.project("custom")
    judged.question(project, "ends", "best_worst")
    in_batch, anna = batch(project), factories.member(project)
    for number, ends in enumerate(["ac", "ac", "ac", "ab", "ab", "bc", "ca", "ba"]):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["g0", "g1", "g2"])
        judged.answer(item, anna, {"ends": {"best": ends[0], "worst": ends[1]}})
        judged.settle(item)

    [board] = leaderboard_report_of(project).dimensions

    assert (board.measure, board.higher_is_better) == (Measure.BEST_LESS_WORST, True)
    assert board.scale == (-1.0, 1.0)
    values = {row.generator: row.value for row in board.generators}
    assert values == {"g0": (5 - 2) / 8, "g1": (2 - 2) / 8, "g2": (1 - 4) / 8}
    assert [row.rank for row in board.generators] == [1, 2, 3]
    assert all(row.interval and row.elo_interval for row in board.generators)
    between = {(row.generator, row.against): row for row in board.matrix}
    assert between["g0", "g1"] == Encounter("g0", "g1", wins=5, ties=0, n=8)
    [agreement] = agreement_of(project).questions
    assert (agreement.level, agreement.not_applicable) == ("ordinal", None)


@pytest.mark.django_db(transaction=True)
def test_pairs_are_of_the_best_and_the_worst_and_the_rest_was_not_compared(tmp_path: Path) -> None:
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "ends", "best_worst")
    item = judged.item(batch(project), "1", "a cat", ["g0", "g1", "g2", "g3"])
    for slot, (person, ends) in enumerate(zip(people(project), ["ad", "ad", "bd"], strict=True)):
        judged.answer(item, person, {"ends": {"best": ends[0], "worst": ends[1]}}, slot=slot)
    judged.settle(item)

    out = made(project, "preferences", tmp_path / "out", split="100/0/0")
    pairs = pq.read_table(next(out.rglob("*.parquet"))).to_pylist()

    assert manifest(out)["aggregation"]["best_worst"].startswith("the best is before all others")
    told = {"".join(row["letters"].values()): row for row in pairs}
    # b and c: one of three has b before c, the others compared them with nothing.
    assert sorted(told) == ["ab", "ac", "ad", "bd", "cd"]
    votes = {letters: row["votes"] for letters, row in told.items()}
    assert votes["ac"] == {"a": 2, "b": 0, "tie": 0, "both_bad": 0, "unsure": 1}
    assert votes["ab"] == {"a": 2, "b": 1, "tie": 0, "both_bad": 0, "unsure": 0}
    assert told["ac"]["chosen_share"] == 1
    assert {row["source"] for row in pairs} == {"best_worst"}


def test_the_planted_best_and_worst_are_recovered_from_three_people() -> None:
    rng = random.Random(7)
    right = {"best": 0, "worst": 0}
    for _ in range(200):
        places = [0.1, 0.37, 0.63, 0.9]
        rng.shuffle(places)
        planted = dict(zip(FOUR.letters, places, strict=True))
        truth = Truth(quality={letter: {"overall": one} for letter, one in planted.items()})
        given = [
            parse_answers(answers_of(truth, [ENDS], FOUR, reliability=0.7, rng=rng), [ENDS], FOUR)[
                "ends"
            ]
            for _ in range(3)
        ]
        ranks = {
            one.letter: one.value or 0 for one in findings(given, ENDS, FOUR) if one.key == "rank"
        }
        right["best"] += min(ranks, key=lambda x: ranks[x]) == max(
            planted, key=lambda x: planted[x]
        )
        right["worst"] += max(ranks, key=lambda x: ranks[x]) == min(
            planted, key=lambda x: planted[x]
        )

    # By chance it were 50 of 200 each.
    assert min(right.values()) >= 190


def test_a_kind_of_ends_is_told_of_fewer_than_three() -> None:
    assert (KIND.images.fewest, KIND.images.most) == (3, 9)
    assert Reason(Code.ANSWER_TOO_FEW_IMAGES, min=3).params == {"min": 3}
