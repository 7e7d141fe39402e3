"""Reports against numbers by hand and from published tables."""

from datetime import timedelta

import pytest

from annotator.assignments.models import Assignment, Cursor, Exclusion
from annotator.core import reasons as site
from annotator.projects.models import Membership, Project
from annotator.reports.agreement import agreement_of
from annotator.reports.bias import side_bias_of
from annotator.reports.people import work_of_annotators
from annotator.reports.progress import Slots, progress_of
from annotator.reports.qc import qc_of
from annotator.reviews.models import Review
from scoring.reasons import Code, Reason
from tests import factories, judged
from tests.rooms.exported import batch, pair_project, people, voted

pytestmark = pytest.mark.django_db


def rated(project: Project, table: list[list[int]]) -> None:
    """An item a column, a person a row."""
    raters, in_batch = people(project), batch(project)
    for number in range(len(table[0])):
        item = judged.item(in_batch, str(number), "a cat", ["painter"])
        for slot, (person, ratings) in enumerate(zip(raters, table, strict=True)):
            answers = {"overall": {"ratings": {"a": ratings[number]}}}
            judged.answer(item, person, answers, slot=slot)


def test_agreement_of_ratings_is_the_published_alpha(django_assert_num_queries) -> None:
    project = factories.project("custom")
    judged.question(project, "overall", "rating", scale_min=1, scale_max=5)
    judged.question(project, "remark", "comment", required=False)
    rated(project, [[5, 4, 3, 2, 1, 4], [5, 4, 2, 2, 1, 3], [4, 4, 3, 1, 1, 5]])

    # questions 1, their options 1, items 1, their images 1, parts 1, imported 1
    with django_assert_num_queries(6):
        report = agreement_of(project)

    overall, remark = report.questions
    assert report.sampled is False
    assert (overall.id, overall.level, overall.n) == ("overall", "interval", 6)
    assert overall.alpha == pytest.approx(0.842593, abs=1e-6)
    assert overall.interval is not None
    low, high = overall.interval
    assert low < 0.842593 < high
    icc, kappa = overall.further
    # quality.md C13: icc_R c11. Kappa by hand, 1 - n Σ(a - b)² / (n Σ(a² + b²) - 2 Σa Σb).
    pairs = (1 - 12 / 134, 1 - 18 / 150, 1 - 42 / 150)
    assert (icc.name, icc.estimate.value) == ("icc_1_1", pytest.approx(0.8585, abs=1e-4))
    assert (kappa.name, kappa.estimate.value) == ("quadratic_kappa", pytest.approx(sum(pairs) / 3))
    for measure in overall.further:
        assert (measure.estimate.n, measure.estimate.undefined) == (6, None)
        assert measure.estimate.interval is not None
    assert remark.further == []
    assert (remark.alpha, remark.undefined) == (None, Reason(site.Code.NOT_COMPARED))


def test_fleiss_kappa_of_picks_is_the_published_one() -> None:
    project = factories.project("custom")
    judged.question(project, "best", "pick")
    raters, in_batch = people(project), batch(project)
    # quality.md C13: R, with the letters a … e for 1 … 5.
    for key, picks in enumerate(["eed", "ddd", "cbc", "bba", "aaa", "dce"]):
        item = judged.item(in_batch, str(key), "a cat", [f"g{place}" for place in range(5)])
        for slot, (person, letter) in enumerate(zip(raters, picks, strict=True)):
            judged.answer(item, person, {"best": {"choice": letter}}, slot=slot)

    [best] = agreement_of(project).questions

    [fleiss] = best.further
    assert best.alpha == pytest.approx(0.402344, abs=1e-6)
    assert (fleiss.name, fleiss.estimate.n) == ("fleiss_kappa", 6)
    assert fleiss.estimate.value == pytest.approx(0.367188, abs=1e-6)
    assert fleiss.estimate.interval is not None


def test_who_can_not_say_takes_part_in_no_measure() -> None:
    project = pair_project()
    in_batch = batch(project)
    # "u" is unsure.
    for key, choices in enumerate(["aau", "bbu", "auu"]):
        voted(project, in_batch, str(key), choices)

    [overall] = agreement_of(project).questions

    [fleiss] = overall.further
    assert (overall.alpha, overall.n) == (1.0, 2)
    assert (fleiss.estimate.value, fleiss.estimate.n) == (1.0, 2)


def test_agreement_of_words_pools_the_tokens_of_an_item() -> None:
    project = factories.project("custom")
    judged.question(project, "words", "words")
    item = judged.item(batch(project), "1", "one two three four five", ["painter"])
    for slot, (person, tokens) in enumerate(
        zip(people(project), [[1, 4], [1], [1, 2]], strict=True)
    ):
        judged.answer(item, person, {"words": {"tokens": tokens}}, slot=slot)

    [words] = agreement_of(project).questions

    assert words.alpha == pytest.approx(0.44, abs=1e-9)
    assert words.n == 1


def test_agreement_without_variation_is_undefined_not_one() -> None:
    project = pair_project()
    voted(project, batch(project), "1", "aaa")

    [overall] = agreement_of(project).questions

    assert overall.alpha is None
    assert overall.undefined == Reason(Code.NO_VARIATION)


def test_replacements_old_revisions_and_extras_do_not_count_for_agreement() -> None:
    project = pair_project()
    item = judged.item(batch(project), "1", "a cat", ["painter", "drawer"])
    anna, bert, carl = people(project)
    judged.answer(item, anna, judged.said("b", "overall"), state="rejected", current=False)
    judged.answer(item, anna, judged.said("a", "overall"), revision=2)
    judged.answer(item, bert, judged.said("b", "overall"), minutes=9)
    judged.answer(item, carl, judged.said("b", "overall"), slot=2, counted=False)

    [overall] = agreement_of(project).questions

    assert overall.undefined == Reason(Code.NO_SECOND_ANSWER)


@pytest.mark.parametrize(
    ("kind", "fields", "answers"),
    [
        ("flags", {"options": ("limbs",)}, [["limbs"], ["limbs"], []]),
        ("marks", {}, [[{"x": 0.5, "y": 0.5}], [{"x": 0.1, "y": 0.1}], []]),
    ],
)
def test_flags_and_marks_are_compared_as_set_or_not(kind, fields, answers) -> None:
    project = factories.project("custom")
    judged.question(project, "asked", kind, **fields)
    item = judged.item(batch(project), "1", "a cat", ["painter", "drawer"])
    for slot, (person, given) in enumerate(zip(people(project), answers, strict=True)):
        judged.answer(item, person, {"asked": {kind: {"a": given, "b": []}}}, slot=slot)

    [asked] = agreement_of(project).questions

    # Units (1, 1, 0) and (0, 0, 0): Do = (2 · 2/2) / 6 = 1/3, De = 2 · 2 · 4 / (6 · 5) = 8/15.
    assert asked.alpha == pytest.approx(1 - (1 / 3) / (8 / 15))


def test_two_who_mark_opposite_corners_agree_on_no_place() -> None:
    project = factories.project("custom")
    judged.question(project, "flaws", "marks")
    judged.question(project, "overall", "rating", scale_min=1, scale_max=5)
    in_batch = batch(project)
    anna, bert = people(project, 2)
    for number in range(4):
        item = judged.item(in_batch, str(number), "a cat", ["painter"])
        for slot, (person, corner) in enumerate(((anna, 0.1), (bert, 0.9))):
            marks = [{"x": corner, "y": corner}]
            answers = {"flaws": {"marks": {"a": marks}}, "overall": {"ratings": {"a": 3}}}
            judged.answer(item, person, answers, slot=slot)

    flaws, overall = agreement_of(project).questions

    # Everybody marked everything: of that alone there is nothing to tell.
    assert flaws.undefined == Reason(Code.NO_VARIATION)
    assert flaws.places is not None
    assert (flaws.places.loo_cc.n, flaws.places.sampled) == (4, False)
    assert flaws.places.loo_cc.value is not None
    assert flaws.places.loo_cc.value < 0
    assert flaws.places.corrected.value == pytest.approx(-1.0)
    assert overall.places is None


def test_regions_are_compared_by_what_both_drew_less_what_other_images_agree() -> None:
    project = factories.project("custom")
    judged.question(project, "flaws", "regions", ["hands", "text"])
    in_batch = batch(project)
    anna, bert = people(project, 2)
    # By hand: two who share a third; two who share all, and nothing with the others.
    drawn = [([0, 0, 0.5, 0.5], [0.25, 0, 0.5, 0.5]), ([0, 0.5, 1, 0.5], [0, 0.5, 1, 0.5])]
    for number, boxes in enumerate(drawn):
        item = judged.item(in_batch, str(number), "a cat", ["painter"])
        for slot, (person, box) in enumerate(zip((anna, bert), boxes, strict=True)):
            regions = [{"flaw": "hands", "box": box}]
            judged.answer(item, person, {"flaws": {"regions": {"a": regions}}}, slot=slot)

    [flaws] = agreement_of(project).questions

    assert flaws.places is None
    assert flaws.regions is not None
    assert flaws.regions.iou.value == pytest.approx((1 / 3 + 1) / 2)
    assert flaws.regions.corrected.value == pytest.approx(2 / 3)
    assert (flaws.regions.iou.n, flaws.regions.sampled) == (2, False)


def test_rankings_are_compared_by_rank() -> None:
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    in_batch = batch(project)
    raters = people(project)
    for key in ("1", "2"):
        item = judged.item(in_batch, key, "a cat", ["g0", "g1", "g2"])
        for slot, person in enumerate(raters):
            answers = {"ranking": {"tiers": [["b"], ["a"], ["c"]]}}
            judged.answer(item, person, answers, slot=slot)

    [ranking] = agreement_of(project).questions

    assert (ranking.level, ranking.alpha, ranking.n) == ("ordinal", 1.0, 2)
    assert [(one.name, one.estimate.value) for one in ranking.further] == [("kendall_w", 1.0)]


def test_kendalls_w_is_the_mean_over_items_that_two_people_ranked() -> None:
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    in_batch = batch(project)
    raters = people(project)
    # quality.md C13: kendall_w no_ties and ties; and an item that one person ranked.
    for key, rankings in enumerate(
        [["a b c d", "a c b d", "b a c d"], ["a bc d", "a c b d", "ab c d"], ["a b c d"]]
    ):
        item = judged.item(in_batch, str(key), "a cat", ["g0", "g1", "g2", "g3"])
        for slot, (person, tiers) in enumerate(zip(raters, rankings, strict=False)):
            answers = {"ranking": {"tiers": [list(tier) for tier in tiers.split()]}}
            judged.answer(item, person, answers, slot=slot)

    [ranking] = agreement_of(project).questions

    [w] = ranking.further
    assert w.estimate.value == pytest.approx((0.777778 + 0.869048) / 2, abs=1e-6)
    assert (w.estimate.n, w.estimate.interval) == (2, None)
    assert w.estimate.no_interval == Reason(Code.TOO_FEW_POINTS, n=2, least=6)


def test_side_bias_counts_where_the_preferred_image_stood(django_assert_num_queries) -> None:
    project = pair_project()
    in_batch = batch(project)
    # left, left, right, left, and a rejected right; a tie says nothing of sides.
    for number, (shown, choice, state) in enumerate(
        [
            ("ab", "a", "accepted"),
            ("ba", "b", "submitted"),
            ("ba", "a", "accepted"),
            ("ab", "a", "accepted"),
            ("ab", "tie", "accepted"),
            ("ab", "b", "rejected"),
        ]
    ):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        person = factories.member(project)
        judged.answer(item, person, judged.said(choice, "overall"), shown=shown, state=state)

    with django_assert_num_queries(2):
        [row] = side_bias_of(project)

    assert (row.left, row.right, row.n, row.left_share) == (3, 2, 5, 0.6)
    # Exact: P(X ≥ 3 or X ≤ 2) of 5.
    assert row.p == pytest.approx(1.0)
    # Wilson's for 3 of 5: (0.6 + z² / 10 ± z √(0.24 / 5 + z² / 100)) / (1 + z² / 5).
    assert row.interval == pytest.approx((0.2307, 0.8824), abs=1e-4)


def test_work_is_counted_by_annotator_with_the_median_of_their_time(
    django_assert_num_queries,
) -> None:
    project = pair_project()
    in_batch = batch(project)
    anna, bert = people(project, 2)
    bert.display_name = "Bert B."
    bert.save()
    for number, milliseconds in enumerate([1000, 9000, 2000, 4000]):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        state = "rejected" if number == 0 else "accepted"
        judged.answer(item, anna, judged.said("a", "overall"), state=state, active_ms=milliseconds)
        if number == 0:
            judged.answer(item, bert, judged.said("a", "overall"), slot=1, active_ms=None)

    with django_assert_num_queries(3):
        first, second = work_of_annotators(project)

    assert (first.name, first.annotations, first.accepted, first.rejected) == (
        anna.username,
        4,
        3,
        1,
    )
    assert first.median_active_ms == 3000
    assert (second.name, second.annotations, second.median_active_ms) == ("Bert B.", 1, None)


def test_progress_tells_what_is_open_and_when_it_may_be_done(django_assert_num_queries) -> None:
    project = pair_project(review_rate=0.0)
    items = factories.open_items(project, 4)
    now = judged.START + timedelta(hours=2)
    slots = Assignment.objects.filter(item__in=items[:2]).order_by("item", "slot")
    annas = list(slots.filter(slot=0))
    anna, *_ = people(project)
    for hour, slot in enumerate(annas):
        Assignment.objects.filter(pk=slot.pk).delete()
        judged.answer(slot.item, anna, judged.said("a", "overall"), minutes=60 * hour)
    Assignment.objects.filter(annotator=anna).update(submitted_at=judged.START)

    # items, settled; states; reviews 3; rejected; days; what is excluded; the crew,
    # what nobody may take
    with django_assert_num_queries(11):
        found = progress_of(project, now=now, annotators=[])

    assert (found.items, found.settled) == (4, 0)
    assert found.slots == Slots(open=10, accepted=2)
    assert [(str(day.date), day.annotations) for day in found.per_day] == [("2026-11-01", 2)]
    # One day is too little to say when the rest will come.
    assert (found.forecast.remaining, found.forecast.latest) == (10, None)
    assert found.forecast.reason == site.Reason(site.Code.FORECAST_FEW_DAYS, count=0)


def test_nobody_knows_when_a_project_ends_that_nobody_works_on() -> None:
    project = pair_project()
    people(project)
    factories.open_items(project, 2)

    found = progress_of(project, now=judged.START, annotators=[]).forecast

    assert (found.earliest, found.likely, found.latest) == (None, None, None)
    assert found.reason == site.Reason(site.Code.FORECAST_FEW_DAYS, count=0)


def test_items_that_nobody_who_is_there_may_take_have_no_date() -> None:
    project = pair_project(review_rate=0.0)
    items = factories.open_items(project, 4)
    anna, bert, cora = people(project)
    Exclusion.objects.create(item=items[0], annotator=anna, reason="skip")
    for person in (anna, bert):
        slot = Assignment.objects.filter(item=items[1], state="open").order_by("slot")[0]
        Assignment.objects.filter(pk=slot.pk).delete()
        judged.answer(items[1], person, judged.said("a", "overall"), slot=slot.slot)

    def found():
        return progress_of(project, now=judged.START, annotators=[]).forecast

    # Of the first Anna skipped; the second waits for Cora, who is there.
    assert (found().needing, found().remaining) == (1, 10 - 1)
    Cursor.objects.create(project=project, annotator=cora, paused_at=judged.START)
    assert (found().needing, found().remaining) == (4, 10 - 2 - 1 - 1 - 1)
    Cursor.objects.all().delete()
    cora.is_active = False
    cora.save()
    assert found().needing == 4
    factories.member(project)
    assert (found().needing, found().remaining) == (1, 9)
    factories.member(project)
    assert (found().needing, found().remaining) == (0, 10)
    Membership.objects.filter(project=project).delete()
    assert (found().needing, found().remaining) == (4, 0)
    assert found().reason == site.Reason(site.Code.FORECAST_NOBODY_LEFT, count=4)


def test_qc_tells_errors_by_annotator_with_their_intervals(django_assert_num_queries) -> None:
    project = pair_project()
    in_batch = batch(project)
    reviewer = factories.member(project, "reviewer")
    anna, bert = people(project, 2)
    for number in range(20):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        judged.verdict(judged.answer(item, anna, judged.said("a", "overall")), reviewer, "accept")
        if number < 2:
            said = judged.answer(item, bert, judged.said("a", "overall"), slot=1, state="rejected")
            judged.verdict(said, reviewer, "reject", "clicked through")
    for number in range(80):
        unseen = judged.item(in_batch, f"unseen {number}", "a cat", ["painter", "drawer"])
        judged.answer(unseen, anna, judged.said("a", "overall"))

    # sample, answers, verdicts by item, probabilities, items, replacements, verdicts by annotator,
    # names
    with django_assert_num_queries(8):
        found = qc_of(in_batch)

    assert (found.sampled, found.waiting, found.done) == (20, 0, 20)
    assert (found.answers, found.reviewed, found.rejected) == (102, 22, 2)
    assert found.which_answers == "first"
    worst, best = found.annotators
    assert (worst.id, worst.error_rate) == (bert.pk, 1.0)
    assert worst.interval == (1.0, 1.0)
    assert (best.id, best.answers, best.reviewed) == (anna.pk, 100, 20)
    # No bad one is seen of 15 bad with C(85, 20) / C(100, 20) = 0.0262, of 16 with 0.0200.
    assert best.interval == (0.0, 0.15)


def test_where_nothing_is_rejected_the_whole_is_known_as_well_as_each_of_its_people() -> None:
    project = pair_project()
    in_batch = batch(project)
    reviewer = factories.member(project, "reviewer")
    annotators = people(project, 3)
    for number in range(20):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        for slot, person in enumerate(annotators):
            said = judged.answer(item, person, judged.said("a", "overall"), slot=slot)
            if number < 3:
                judged.verdict(said, reviewer, "accept")

    found = qc_of(in_batch)

    assert (found.reviewed, found.rejected, found.error_rate) == (9, 0, 0.0)
    # Of 20 items none of 13 bad is among 3 with C(7, 3) / C(20, 3) = 0.0307, of 14 with 0.0175.
    assert found.interval == (0.0, 0.65)
    assert [row.interval for row in found.annotators] == [(0.0, 0.65)] * 3


def test_the_whole_is_never_less_sure_than_the_person_who_is_known_least() -> None:
    project = pair_project()
    in_batch = batch(project)
    reviewer = factories.member(project, "reviewer")
    anna, bert = people(project, 2)
    for number in range(17):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        for slot, (person, first) in enumerate(((anna, 0), (bert, 7))):
            # Both answered ten of the items, three of them the same, which were drawn.
            if first <= number < first + 10:
                said = judged.answer(item, person, judged.said("a", "overall"), slot=slot)
                if 7 <= number < 10:
                    judged.verdict(said, reviewer, "accept")

    found = qc_of(in_batch)

    # Of 10 answers none of 6 bad is among 3 with C(4, 3) / C(10, 3) = 0.0333, of 7 with 0.0083;
    # of 17 items it could be 11 with C(6, 3) / C(17, 3) = 0.0294, which is more.
    assert [row.interval for row in found.annotators] == [(0.0, 0.6)] * 2
    assert found.interval == (0.0, 0.6)


def test_an_item_that_was_surely_drawn_weighs_less_than_one_of_many() -> None:
    project = pair_project()
    in_batch = batch(project)
    reviewer = factories.member(project, "reviewer")
    annotators = people(project, 3)
    for number, verdict in enumerate(("reject", "accept")):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        for slot, person in enumerate(annotators):
            state = f"{verdict}ed"
            said = judged.answer(item, person, judged.said("a", "overall"), slot=slot, state=state)
            judged.verdict(said, reviewer, verdict, "wrong")
    for number, probability in (("0", 1.0), ("1", 0.25)):
        Review.objects.filter(item__key=number).update(probability=probability)

    found = qc_of(in_batch)

    # Horvitz and Thompson: 3 wrong at weight 1, of 3 at weight 1 and 3 at weight 4.
    assert (found.rejected, found.reviewed, found.error_rate) == (3, 6, pytest.approx(0.2))


def test_errors_of_replacements_are_told_apart_from_those_of_the_sample() -> None:
    project = pair_project()
    in_batch = batch(project)
    reviewer = factories.member(project, "reviewer")
    annotators = people(project, 4)
    for number in range(10):
        item = judged.item(in_batch, str(number), "a cat", ["painter", "drawer"])
        for slot, person in enumerate(annotators[:3]):
            wrong = number < 2
            state = "rejected" if wrong else "accepted"
            said = judged.answer(item, person, judged.said("a", "overall"), slot=slot, state=state)
            judged.verdict(said, reviewer, "reject" if wrong else "accept", "wrong")
        if number < 2:
            again = judged.answer(item, annotators[3], judged.said("b", "overall"), minutes=30)
            judged.verdict(again, reviewer, "accept")
    for number in range(30):
        judged.item(in_batch, f"unseen {number}", "a cat", ["painter", "drawer"])

    found = qc_of(in_batch)

    assert (found.reviewed, found.rejected, found.error_rate) == (30, 6, 0.2)
    assert (found.replacements.reviewed, found.replacements.rejected) == (2, 0)
    # An item's three answers are wrong together: 10 looks, not 30, a quarter of the batch.
    assert found.design_effect == pytest.approx(3.0)
    assert found.interval is not None
    # By hand: 10 / (1 - 1/4) = 13.33 trials, Student's t of 9 degrees 2.2622 for z.
    assert found.interval == pytest.approx((0.0567, 0.5097), abs=1e-4)
