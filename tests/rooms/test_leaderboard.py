"""Boards of generators against numbers by hand, for every kind of question."""

import math

import numpy as np
import pytest

from annotator.core import reasons as site
from annotator.core.errors import Invalid
from annotator.items.models import Item, ItemImage, MetaKey, MetaOf
from annotator.projects.models import Project
from annotator.reports.boards.shapes import Board, Encounter, Fragile, Measure, Standing
from annotator.reports.leaderboard import leaderboard_report_of
from scoring.reasons import Code, Reason
from tests import factories, judged
from tests.rooms.exported import batch, pair_project, people, voted

pytestmark = pytest.mark.django_db

# The rows of a query, and within a test's transaction a savepoint, its release, and a setting.
STREAMED = 4


def boards(project: Project) -> list[Board]:
    return leaderboard_report_of(project).dimensions


def counts(row: Standing) -> tuple[str, int | None, int | None, int | None, int]:
    return row.generator, row.wins, row.ties, row.losses, row.n


def test_the_leaderboard_counts_settled_items_and_their_ties(django_assert_num_queries) -> None:
    project = pair_project()
    in_batch = batch(project)
    # painter is image a: 2 wins, 1 loss; 3 ties (no majority, tie, both bad); unsure is left out.
    for key, choices in enumerate(["aab", "aat", "bbb", "abt", "tta", "nnb", "uuu"]):
        voted(project, in_batch, str(key), choices)
    voted(project, in_batch, "open", "aa", settled=False)

    # Questions, options; settled items, votes, findings.
    with django_assert_num_queries(2 + 3 * STREAMED):
        [board] = boards(project)

    assert (board.question, board.measure, board.answers) == (
        "overall", Measure.WIN_RATE, "accepted",
    )  # fmt: skip
    painter, drawer = board.generators
    assert counts(painter) == ("painter", 2, 3, 1, 6)
    assert counts(drawer) == ("drawer", 1, 3, 2, 6)
    assert (painter.value, drawer.value) == (pytest.approx(3.5 / 6), pytest.approx(2.5 / 6))
    assert (board.items, board.prompts, board.votes) == (6, 6, 18)
    assert painter.interval is not None
    # Student's t at 5 degrees of freedom, on the scale of log-odds: scores 1 1 0 ½ ½ ½.
    error = np.std([1, 1, 0, 0.5, 0.5, 0.5], ddof=1) / math.sqrt(6)
    odds = math.log(3.5 / 2.5)
    half = 2.570582 * error / (3.5 / 6 * 2.5 / 6)
    assert painter.interval == pytest.approx(
        [1 / (1 + math.exp(-each)) for each in (odds - half, odds + half)], abs=1e-5
    )
    # Of single votes: a 6, b 6, ties (tie and both bad) 6; nobody is ahead.
    assert painter.strength == pytest.approx(0, abs=1e-9)
    assert (board.not_comparable, board.no_interval, board.groups) == (None, None, [])
    assert board.matrix == [
        Encounter("painter", "drawer", wins=2, ties=3, n=6),
        Encounter("drawer", "painter", wins=1, ties=3, n=6),
    ]


def test_rows_are_in_the_order_of_the_rate_that_is_shown() -> None:
    """45 % won, 40 % tied and 15 % lost is ahead of 50 % won and 50 % lost."""
    project = pair_project()
    in_batch, anna = batch(project), factories.member(project)
    met = {("steady", "third"): "a" * 9 + "t" * 8 + "b" * 3, ("bold", "fourth"): "ab" * 10}
    for generators, outcomes in met.items():
        for number, choice in enumerate(outcomes):
            key = f"{generators[0]}-{number}"
            item = judged.item(in_batch, key, f"prompt {number}", generators)
            said = judged.said({"t": "tie"}.get(choice, choice), "overall")
            judged.answer(item, anna, said)
            judged.settle(item)

    [board] = boards(project)

    assert [(row.generator, row.value) for row in board.generators] == [
        ("steady", pytest.approx(0.65)),
        ("bold", 0.5),
        ("fourth", 0.5),
        ("third", pytest.approx(0.35)),
    ]
    assert board.not_comparable == Reason(Code.NEVER_COMPARED)
    assert sorted(board.groups) == [["bold", "fourth"], ["steady", "third"]]


def test_items_of_one_prompt_are_one_look_however_it_is_spelt() -> None:
    project = pair_project()
    in_batch = batch(project)
    for number in range(12):
        prompt = ("a cat {}", " A  Cat {}", "A CAT {}.")[number % 3].format(number // 2)
        item = judged.item(in_batch, str(number), prompt, ["painter", "drawer"])
        judged.answer(
            item, factories.member(project), judged.said("ab"[number % 4 == 0], "overall")
        )
        judged.settle(item)

    [board] = boards(project)

    assert (board.items, board.prompts) == (12, 6)
    assert board.no_interval is None


def test_strengths_are_of_votes_with_the_effect_of_the_side_taken_out() -> None:
    project = pair_project()
    in_batch = batch(project)
    anna = factories.member(project)
    # Equal images, and whoever stands left is preferred three times of four.
    for number in range(16):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["painter", "drawer"])
        left = "ab"[number % 2]
        choice = left if number % 8 < 6 else "ba"[number % 2]
        shown = left + "ba"[number % 2]
        judged.answer(item, anna, judged.said(choice, "overall"), shown=shown)
        judged.settle(item)

    [board] = boards(project)

    assert board.side is not None
    assert board.side.left_share == pytest.approx(0.75)
    assert board.side.interval is not None
    low, high = board.side.interval
    # Prompts come in no lasting order, so that the draws differ a little.
    assert 0.3 < low < 0.75 < high < 1
    assert [row.strength for row in board.generators] == pytest.approx([0, 0], abs=1e-9)
    assert [row.elo for row in board.generators] == pytest.approx([1000, 1000])
    intervals = [row.elo_interval for row in board.generators]
    assert all(between is not None and between[0] < 1000 < between[1] for between in intervals)
    assert [row.rank_interval for row in board.generators] == [(1, 2), (1, 2)]


def test_the_votes_that_decide_first_place_are_told_with_their_items() -> None:
    """7 of 12 votes are for painter: 2 less are level, 3 less are not."""
    project = pair_project()
    in_batch = batch(project)
    made = {
        str(voted(project, in_batch, str(number), choices).pk): choices
        for number, choices in enumerate(["aab", "abb", "abb", "aaa"])
    }

    [board] = boards(project)

    fragile = board.fragile
    assert fragile is not None
    assert (fragile.first, fragile.next) == ("painter", "drawer")
    assert (fragile.votes, fragile.tried) == (3, 10)
    assert sum(row.votes for row in fragile.items) == 3
    assert all(row.votes <= made[str(row.item)].count("a") for row in fragile.items)


def test_first_place_that_no_tenth_of_the_votes_decides_is_said_to_be_firm() -> None:
    project = pair_project()
    in_batch = batch(project)
    for number in range(12):
        voted(project, in_batch, str(number), "aaa" if number else "bbb")

    [board] = boards(project)

    assert board.fragile == Fragile("painter", None, None, tried=10, items=[])


def test_generators_that_never_lost_have_no_strength_and_a_reason() -> None:
    project = pair_project()
    voted(project, batch(project), "1", "aaa")

    [board] = boards(project)

    assert [(row.strength, row.rank) for row in board.generators] == [(None, None)] * 2
    assert board.not_comparable == Reason(Code.NEVER_LOST)
    assert board.groups == [["painter"], ["drawer"]]
    assert board.no_interval == Reason(Code.TOO_FEW_PROMPTS, n=1, least=6)
    assert [row.value for row in board.generators] == [1.0, 0.0]


def test_a_leaderboard_of_nothing_says_so() -> None:
    [board] = boards(pair_project())

    assert (board.generators, board.matrix) == ([], [])
    assert board.not_comparable == Reason(site.Code.NOTHING_SETTLED)


def test_answers_to_open_items_rejected_and_late_ones_do_not_count() -> None:
    project = pair_project()
    in_batch = batch(project)
    item = judged.item(in_batch, "1", "a cat", ["painter", "drawer"])
    anna, bert, carl = people(project)
    judged.answer(item, anna, judged.said("a", "overall"))
    judged.answer(item, bert, judged.said("b", "overall"), slot=1, state="rejected")
    judged.answer(item, carl, judged.said("b", "overall"), slot=2, counted=False)
    judged.settle(item)

    [board] = boards(project)

    assert (board.votes, board.items) == (1, 1)
    assert counts(board.generators[0]) == ("painter", 1, 0, 0, 1)


def test_an_item_of_one_generator_twice_says_nothing() -> None:
    project = pair_project()
    item = judged.item(batch(project), "1", "a cat", ["painter", "painter"])
    judged.answer(item, factories.member(project), judged.said("a", "overall"))
    judged.settle(item)

    [board] = boards(project)

    assert (board.generators, board.votes) == ([], 0)


def ranked(project: Project, tiers: list[list[list[str]]]) -> None:
    """An item of three generators a ranking, each of another prompt."""
    in_batch, anna = batch(project), factories.member(project)
    for number, given in enumerate(tiers):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["g0", "g1", "g2"])
        judged.answer(item, anna, {"ranking": {"tiers": given}})
        judged.settle(item)


def test_rankings_give_strengths_and_mean_ranks(django_assert_num_queries) -> None:
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    ranked(
        project,
        [[["a"], ["b"], ["c"]]] * 4 + [[["b"], ["a"], ["c"]]] * 2 + [[["c"], ["a", "b"]]] * 2,
    )

    # Questions, options; settled items, pieces.
    with django_assert_num_queries(2 + 2 * STREAMED):
        [board] = boards(project)

    first, second, third = board.generators
    assert board.measure == Measure.MEAN_RANK
    assert not board.higher_is_better
    assert [row.generator for row in board.generators] == ["g0", "g1", "g2"]
    assert (first.value, second.value, third.value) == (
        (4 + 4 + 5) / 8, (8 + 2 + 5) / 8, (18 + 2) / 8,
    )  # fmt: skip
    assert (board.votes, board.items, board.prompts) == (8, 8, 8)
    assert first.strength is not None
    assert second.strength is not None
    assert third.strength is not None
    assert first.strength > second.strength > third.strength
    assert [row.rank for row in board.generators] == [1, 2, 3]
    assert all(row.interval and row.elo_interval for row in board.generators)
    between = {(row.generator, row.against): row for row in board.matrix}
    assert between["g0", "g1"] == Encounter("g0", "g1", wins=4, ties=2, n=8)
    assert between["g2", "g0"] == Encounter("g2", "g0", wins=2, ties=0, n=8)


@pytest.mark.parametrize(
    ("kind", "fields", "answers", "measure", "expected"),
    [
        ("pick", {}, [{"choice": "a"}, {"choice": "a"}, {"choice": "b"}], Measure.PICK_SHARE,
         [("painter", 2 / 3), ("drawer", 1 / 3)]),
        ("rating", {"scale_min": 1, "scale_max": 7},
         [{"ratings": {"a": 1, "b": 7}}, {"ratings": {"a": 2, "b": 7}},
          {"ratings": {"a": 6, "b": 4}}], Measure.MEAN_RATING,
         [("drawer", 6.0), ("painter", 3.0)]),
        ("marks", {}, [{"marks": {"a": [{"x": 0.5, "y": 0.5}] * 2, "b": []}},
                       {"marks": {"a": [{"x": 0.1, "y": 0.5}], "b": []}},
                       {"marks": {"a": [], "b": [{"x": 0.1, "y": 0.5}]}}], Measure.MARKED_SHARE,
         [("drawer", 1 / 3), ("painter", 2 / 3)]),
        ("flags", {"options": ("limbs",)}, [{"flags": {"a": ["limbs"], "b": []}},
                                            {"flags": {"a": ["limbs"], "b": []}},
                                            {"flags": {"a": [], "b": []}}], Measure.FLAGGED_SHARE,
         [("drawer", 0.0), ("painter", 2 / 3)]),
        ("label", {"options": ("real", "fake")}, [{"labels": {"a": "real", "b": "fake"}},
                                                  {"labels": {"a": "real", "b": "real"}},
                                                  {"labels": {"a": "fake", "b": "fake"}}],
         Measure.LABELLED_SHARE, [("painter", 2 / 3), ("drawer", 1 / 3)]),
    ],
)  # fmt: skip
def test_every_kind_has_its_board(
    django_assert_num_queries, kind, fields, answers, measure, expected
) -> None:
    project = factories.project("custom")
    judged.question(project, "asked", kind, **fields)
    in_batch, raters = batch(project), people(project)
    for number in range(6):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["painter", "drawer"])
        for slot, (person, given) in enumerate(zip(raters, answers, strict=True)):
            judged.answer(item, person, {"asked": given}, slot=slot)
        judged.settle(item)

    with django_assert_num_queries(2 + 2 * STREAMED):
        # Of several classes the first.
        board = boards(project)[0]

    assert (board.kind, board.measure) == (kind, measure)
    found = [(row.generator, row.value) for row in board.generators]
    assert found == [(name, pytest.approx(value)) for name, value in expected]
    assert [row.rank for row in board.generators] == [1, 2]
    assert [row.n for row in board.generators] == [18, 18]
    assert all(row.interval is not None for row in board.generators)
    assert [row.strength for row in board.generators] == [None, None]
    assert board.no_interval is None


def test_intervals_of_mean_ratings_end_where_the_scale_does() -> None:
    project = factories.project("custom")
    judged.question(project, "asked", "rating", scale_min=1, scale_max=5)
    in_batch, [rater] = batch(project), people(project, 1)
    for number in range(6):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["painter", "drawer"])
        given = {"a": 5 if number else 3, "b": 1 if number else 3}
        judged.answer(item, rater, {"asked": {"ratings": given}})
        judged.settle(item)

    [board] = boards(project)

    assert board.scale == (1.0, 5.0)
    best, worst = board.generators
    # The mean of 5, 5, 5, 5, 5, 3 is 14/3, its error 1/3, Student's t of 5 degrees 2.5706.
    assert best.interval == (pytest.approx(14 / 3 - 2.5706 / 3, abs=1e-4), 5.0)
    assert worst.interval == (1.0, pytest.approx(4 / 3 + 2.5706 / 3, abs=1e-4))


def test_each_flag_has_a_board_and_remarks_have_none() -> None:
    project = factories.project("custom")
    judged.question(project, "issues", "flags", options=("limbs", "text"))
    judged.question(project, "remark", "comment", required=False)

    assert [(board.question, board.option) for board in boards(project)] == [
        ("issues", "limbs"),
        ("issues", "text"),
    ]


def test_images_that_items_share_count_in_each_item() -> None:
    project = pair_project()
    in_batch, anna = batch(project), factories.member(project)
    images = [judged.image(in_batch, name) for name in ("g0", "g1", "g2")]
    for number, (one, other) in enumerate([(0, 1), (1, 2), (2, 0)]):
        item = Item.objects.create(project=project, batch=in_batch, key=str(number), prompt="a cat")
        for place, image in enumerate((images[one], images[other])):
            ItemImage.objects.create(item=item, image=image, place=place)
        judged.answer(item, anna, judged.said("a", "overall"))
        judged.settle(item)

    [board] = boards(project)

    assert [counts(row) for row in board.generators] == [
        ("g0", 1, 0, 1, 2), ("g1", 1, 0, 1, 2), ("g2", 1, 0, 1, 2),
    ]  # fmt: skip
    assert board.prompts == 1


def parted(project: Project, steps: str, categories: str, choices: str) -> None:
    """Pairs of painter, at one of two steps, and drawer; a prompt each, of a category each."""
    in_batch = batch(project)
    rows = zip(steps, categories, choices, strict=True)
    for number, (step, category, choice) in enumerate(rows):
        item = voted(project, in_batch, str(number), choice * 3)
        Item.objects.filter(pk=item.pk).update(
            meta={"category": category} if category != "-" else {}
        )
        first = ItemImage.objects.get(item=item, place=0).image
        first.meta = {"step": int(step) * 1000, "seed": number}
        first.save()
        keys = [(MetaOf.IMAGE, "step"), (MetaOf.IMAGE, "seed"), (MetaOf.ITEM, "category")]
        MetaKey.objects.bulk_create(
            [MetaKey(batch=in_batch, of=of, key=key) for of, key in keys], ignore_conflicts=True
        )


def test_generators_are_parted_by_what_came_with_their_images() -> None:
    project = pair_project()
    parted(project, "1111112222", "a" * 10, "aaaabbbbba")

    [board] = leaderboard_report_of(project, by="image:step").dimensions

    assert {counts(row) for row in board.generators} == {
        ("painter · step 1000", 4, 0, 2, 6), ("painter · step 2000", 1, 0, 3, 4),
        ("drawer", 5, 0, 5, 10),
    }  # fmt: skip
    assert (board.part, board.items, board.no_interval) == (None, 10, None)
    assert {(row.generator, row.against) for row in board.matrix} == {
        (f"painter · step {step}", "drawer") for step in (1000, 2000)
    } | {("drawer", f"painter · step {step}") for step in (1000, 2000)}


def test_every_prompt_category_has_a_board_of_its_own_and_few_prompts_no_interval() -> None:
    project = pair_project()
    parted(project, "1" * 12, "animalstex--", "aaaaaabbbbaa")
    Item.objects.filter(meta__category__in=list("animals")).update(meta={"category": "animals"})
    Item.objects.filter(meta__category__in=list("tex")).update(meta={"category": "text"})

    animals, text, none = leaderboard_report_of(project, by="item:category").dimensions

    assert [(board.part, board.items) for board in (animals, text, none)] == [
        ("animals", 7), ("text", 3), ("", 2),
    ]  # fmt: skip
    assert counts(animals.generators[0]) == ("painter", 6, 0, 1, 7)
    assert counts(text.generators[0]) == ("drawer", 3, 0, 0, 3)
    assert animals.no_interval is None
    assert animals.generators[0].interval is not None
    assert text.no_interval == Reason(Code.TOO_FEW_PROMPTS, n=3, least=6)
    assert [row.interval for row in text.generators] == [None, None]


@pytest.mark.parametrize(
    ("kind", "answers", "options"),
    [
        ("ranking", {"tiers": [["a"], ["b"]]}, {}),
        ("pick", {"choice": "a"}, {}),
        ("rating", {"ratings": {"a": 5, "b": 2}}, {"scale_min": 1, "scale_max": 5}),
    ],
)
def test_rankings_picks_and_ratings_are_told_apart_by_category(kind, answers, options) -> None:
    project = factories.project("custom", created_at=judged.START)
    judged.question(project, "best", kind, **options)
    in_batch = batch(project)
    for number in range(9):
        item = judged.item(in_batch, str(number), f"prompt {number}", ["painter", "drawer"])
        item.meta = {"category": "text" if number < 2 else "animals"}
        item.save()
        for slot, person in enumerate(people(project)):
            judged.answer(item, person, {"best": answers}, slot=slot)
        judged.settle(item)
    MetaKey.objects.create(batch=in_batch, of=MetaOf.ITEM, key="category")

    animals, text = leaderboard_report_of(project, by="item:category").dimensions

    assert (animals.part, text.part) == ("animals", "text")
    assert (animals.prompts, text.prompts) == (7, 2)
    assert (animals.votes, text.votes) == tuple(n * (3 if kind == "ranking" else 6) for n in (7, 2))
    assert animals.generators[0].generator == "painter"
    assert text.no_interval == Reason(Code.TOO_FEW_PROMPTS, n=2, least=6)
    assert text.generators[0].interval is None


def test_what_there_is_not_or_too_much_of_is_not_compared() -> None:
    project = pair_project()
    parted(project, "1" * 50, "a" * 50, "a" * 50)

    with pytest.raises(Invalid) as caught:
        leaderboard_report_of(project, by="image:sampler")
    [reason] = caught.value.fields.values()
    assert reason.params["there_are"] == ("image:seed", "image:step", "item:category")
    report = leaderboard_report_of(project, by="image:seed")
    assert report.dimensions == []
    assert report.not_grouped == Reason(site.Code.TOO_MANY_GROUPS, key="seed", count=51, max=50)
