"""The demo's truth comes back out: through the real services, on PostgreSQL."""

import stat
from collections.abc import Sequence
from io import StringIO
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from scipy.stats import binomtest

from annotator.accounts.models import Role, User
from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.consensus.models import Consensus, Finding
from annotator.gold.models import Consequence
from annotator.gold.services import RuleSettings
from annotator.items.models import Image, ItemImage
from annotator.pipeline.known_answers import set_gold_rule
from annotator.projects.models import Membership, Project, Template
from annotator.projects.question_drafts import QuestionDraft
from annotator.projects.services import ProjectSettings, create_project
from annotator.questions.checklist import gates_of
from annotator.reports.leaderboard import leaderboard_report_of
from annotator.reviews.models import Review, ReviewerAnswer, Verdict
from demo import dataset
from demo.checklists import token_of
from demo.dataset import COUNTED, lay_out
from demo.drawing.files import placed
from demo.drawing.generators import GENERATORS, Generator, plan
from demo.drawing.scenes import make_scene
from demo.exhibits import EXHIBITS, Exhibit
from demo.filling import Filling, join_all
from demo.known import FLAG_OF, QUALITY_OF_EDIT, Planted, by_file
from demo.logins import SEATS, read, seated
from demo.people import annotators
from demo.simulation import Simulation, hire
from demo.truth import ImageTruth, load_truths
from scoring.heatmap import marks_to_heatmap
from tests import factories
from tests.flows.three_people import (
    FAR,
    MEAN_ERROR,
    RELIABILITIES,
    fewest_of,
    two_of_three,
)
from tests.peaks import heatmap_peak
from tests.promises import broken_but_files

pytestmark = pytest.mark.django_db


def project_of(
    template: Template, questions: Sequence[QuestionDraft] = (), **fields: Any
) -> Project:
    return create_project(
        by=factories.user(can_create_projects=True),
        template=template,
        settings=ProjectSettings(name=template, **fields),
        questions=questions,
    )


def truth_of(image: Image, seed: int, generator: Generator) -> ImageTruth:
    """What the image maker would have planted in this image, had it drawn it."""
    planned = plan(make_scene(seed), generator, 0)
    return ImageTruth(
        file=image.source_name,
        sha256=image.source_sha256,
        prompt=image.prompt,
        generator=generator.name,
        quality=planned.quality,
        flaws=tuple(placed(flaw) for flaw in planned.flaws if flaw.has_place),
        missing=(),
        words=(),
    )


def simulated(project: Project, planted: Planted, reliability: float | None = None) -> None:
    workers = hire(project, annotators(3, reliability), Role.ANNOTATOR)
    list(Simulation(project, 3, timezone.now, planted).annotate(workers))


def peaks_in_clear_flaws(project: Project, planted: Planted) -> tuple[int, int]:
    """(found, all): consensus heatmaps of images with a clear flaw whose peak lies within one."""
    found = total = 0
    for place in ItemImage.objects.filter(item__project=project).select_related("item", "image"):
        people = Annotation.objects.filter(item=place.item, current=True)
        assert people.count() == 3
        flaws = planted[place.image.source_sha256].flaws
        for kind in ("implausibility", "misalignment"):
            clear = [flaw for flaw in flaws if flaw.kind == kind and flaw.severity >= 0.5]
            if not clear:
                continue
            points = [
                list(
                    AnnotationPiece.objects.filter(
                        annotation=person, question__key=kind, type="point"
                    ).values_list("x", "y")
                )
                for person in people
            ]
            peak = heatmap_peak(marks_to_heatmap(points, size=(512, 512)))
            total += 1
            found += peak is not None and any(
                (peak.x - flaw.x) ** 2 + (peak.y - flaw.y) ** 2 <= flaw.radius**2 for flaw in clear
            )
    return found, total


def test_the_heatmaps_peak_lies_in_the_planted_flaw_for_nine_of_ten_clear_ones() -> None:
    project = project_of(Template.RICHHF, review_rate=0.0)
    factories.open_items(project, 60, images=1)
    clumsy = GENERATORS[-1]
    images = Image.objects.filter(project=project).order_by("source_name")
    planted = by_file(truth_of(image, seed, clumsy) for seed, image in enumerate(images))

    simulated(project, planted)

    found, total = peaks_in_clear_flaws(project, planted)
    assert total > 40
    assert found / total >= 0.9
    assert Consensus.objects.filter(project=project).count() == 60


def test_the_majority_agrees_with_the_planted_order_far_above_chance() -> None:
    project = project_of(Template.MPS, review_rate=0.0)
    items = factories.open_items(project, 60)
    pairs = list(combinations(GENERATORS, 2))
    planted = by_file(
        truth_of(place.image, number, generator)
        for number, item in enumerate(items)
        for place, generator in zip(
            ItemImage.objects.filter(item=item).select_related("image"),
            Random(number).sample(pairs[number % len(pairs)], 2),
            strict=True,
        )
    )

    simulated(project, planted)

    right = decided = 0
    for finding in Finding.objects.filter(
        question__key="overall", decided=True, key__in="ab"
    ).select_related("consensus"):
        files = (
            ItemImage.objects.filter(item=finding.consensus.item_id)
            .order_by("place")
            .values_list("image__source_sha256", flat=True)
        )
        a, b = (planted[file].quality["overall"] for file in files)
        decided += 1
        right += (finding.key == "a") == (a > b)
    assert decided > 45
    assert binomtest(right, decided, 0.5, alternative="greater").pvalue < 1e-6


def test_people_of_no_reliability_do_not_find_the_planted_flaws() -> None:
    project = project_of(Template.RICHHF, review_rate=0.0)
    factories.open_items(project, 20, images=1)
    images = Image.objects.filter(project=project).order_by("source_name")
    planted = by_file(truth_of(image, seed, GENERATORS[-1]) for seed, image in enumerate(images))

    simulated(project, planted, reliability=0.0)

    found, total = peaks_in_clear_flaws(project, planted)
    assert total > 10
    assert found / total < 0.2


def test_drawn_images_go_the_whole_way(tmp_path: Path) -> None:
    project = project_of(Template.RICHHF, review_rate=0.2)
    manifest = lay_out(tmp_path, prompts=2, form="singles", generators=dataset.GENERATORS[1:])
    call_command("import_batch", str(project.pk), manifest, stdout=StringIO())
    out = StringIO()

    call_command("simulate", str(project.pk), review=True, stdout=out)

    assert out.getvalue().splitlines()[0] == "The truth of 6 images is known."
    assert "18 answers by 3 simulated annotators." in out.getvalue()
    simulated = User.objects.filter(
        username__startswith="sim-", display_name__endswith="(simulated)"
    )
    assert simulated.count() == 4
    assert not any(user.has_usable_password() for user in simulated)
    assert Review.objects.count() == 2
    assert Verdict.objects.count() == 6
    found, total = peaks_in_clear_flaws(project, by_file(load_truths(tmp_path / "truth.jsonl")))
    assert total >= 3
    assert found >= 0.75 * total
    scope = Scope(timezone.now(), project.pk)
    assert [one.name for one in INVARIANTS if check(one, scope).violations] == []


def test_three_simulated_people_recover_the_planted_rows_of_drawn_checklists(
    tmp_path: Path,
) -> None:
    project = project_of(Template.EVALMUSE, review_rate=0.0)
    manifest = lay_out(tmp_path, prompts=8, form="checked")
    call_command("import_batch", str(project.pk), manifest, stdout=StringIO())

    call_command("simulate", str(project.pk), stdout=StringIO())

    words = {truth.sha256: truth.words for truth in load_truths(tmp_path / "truth.jsonl")}
    right, planted = 0, {"yes": 0, "no": 0}
    for place in ItemImage.objects.filter(item__project=project).select_related("item", "image"):
        rows = place.item.rows
        wrong = words[place.image.source_sha256]
        truth = {row.id: "no" if token_of(row.id) in wrong else "yes" for row in rows}
        found = Finding.objects.filter(
            consensus__item=place.item, question__key="elements", decided=True
        )
        decided = dict(key.split("=") for key in found.values_list("key", flat=True))
        for row in rows:
            if row.id in gates_of(rows, truth):
                assert row.id not in decided
                continue
            planted[truth[row.id]] += 1
            right += decided.get(row.id) == truth[row.id]

    # Of the 32 images some are drawn wrongly, by generators from the best to the worst.
    assert planted["no"] > 10
    assert planted["yes"] > 50
    assert right / sum(planted.values()) > 0.95
    assert not broken_but_files()


def test_three_simulated_people_recover_the_planted_quality_of_edits(tmp_path: Path) -> None:
    project = project_of(Template.EDIT, review_rate=0.0)
    manifest = lay_out(tmp_path, prompts=8, form="edits")
    call_command("import_batch", str(project.pk), manifest, stdout=StringIO())

    call_command("simulate", str(project.pk), stdout=StringIO())

    planted = {truth.sha256: truth.quality for truth in load_truths(tmp_path / "truth.jsonl")}
    places = list(ItemImage.objects.filter(item__project=project).select_related("image"))
    assert len(places) == 8 * 3
    sources = ItemImage.in_any_role.filter(item__project=project, role="source")
    assert {place.image.source_name.split("/")[0] for place in sources} == {"dauber-0"}
    near = 0
    for question, quality in QUALITY_OF_EDIT.items():
        for place in places:
            found = Finding.objects.get(
                consensus__item=place.item_id,
                question__key=question,
                letter=place.letter,
                key="mean",
            )
            assert found.value is not None
            near += abs(found.value - planted[place.image.source_sha256][quality]) <= 0.25
    # Means of three ratings of 1 to 4, on a scale from 0 to 1: within three quarters of a step.
    assert near / (3 * len(places)) > 0.95
    assert not broken_but_files()


def test_the_demos_halves_slider_tree_and_phrases_have_a_planted_truth(tmp_path: Path) -> None:
    (exhibit,) = (one for one in EXHIBITS if one.name.startswith("Halves"))
    project = project_of(Template.CUSTOM, questions=exhibit.questions, review_rate=0.0)
    manifest = lay_out(tmp_path, prompts=8, form="singles")
    call_command("import_batch", str(project.pk), manifest, stdout=StringIO())

    call_command("simulate", str(project.pk), stdout=StringIO())

    planted = by_file(load_truths(tmp_path / "truth.jsonl"))
    flags = phrases = 0
    for place in ItemImage.objects.filter(item__project=project).select_related("image"):
        truth = planted[place.image.source_sha256]
        found = Finding.objects.filter(consensus__item=place.item_id)
        keys: dict[str, set[str]] = {
            key: set(found.filter(question__key=key, decided=True).values_list("key", flat=True))
            for key in ("counting", "faults", "wrong_phrases")
        }
        assert keys["counting"] == {"mean" if COUNTED.search(truth.prompt) else "nothing"}
        plain = {FLAG_OF[flaw.cause] for flaw in truth.flaws if flaw.cause in FLAG_OF}
        flags += len(plain)
        # What is planted is told plainly or not at all: each by itself, and what stands above it.
        assert keys["faults"] - {"nothing", "object", "surface"} <= plain
        assert plain <= keys["faults"] or any(flaw.severity < 0.8 for flaw in truth.flaws)
        phrases += len(keys["wrong_phrases"] & {str(token) for token in truth.words})
        for key, quality in (("aesthetics", "aesthetics"), ("plausibility", "plausibility")):
            mean = found.get(question__key=key, key="mean").value
            assert mean is not None
            # Rounded to half a point of four; the slider's errors are smaller.
            assert abs(mean - truth.quality[quality]) <= 1 / 16 + FAR * MEAN_ERROR
    assert flags >= 10
    wrong = sum(len(one.words) for one in planted.values())
    assert phrases >= fewest_of(wrong, two_of_three(RELIABILITIES))


def test_picks_beside_references_are_told_apart_by_how_often_a_thing_is_seen(
    tmp_path: Path,
) -> None:
    project = project_of(Template.ENTITYDRAW, review_rate=0.0)
    manifest = lay_out(tmp_path, prompts=6, form="faithful", generators=dataset.GENERATORS)
    call_command("import_batch", str(project.pk), manifest, stdout=StringIO())
    call_command("simulate", str(project.pk), stdout=StringIO())
    seldom = sum(
        "ring" in prompt.text or "prism" in prompt.text for prompt in dataset.prompts_by()[:6]
    )

    boards = leaderboard_report_of(project, by="item:frequency").dimensions

    found = {board.part: board.items for board in boards if board.question == "best"}
    assert 0 < seldom < 6
    assert found == {"infrequent": seldom, "frequent": 6 - seldom}


def test_where_nothing_is_planted_it_says_so_and_goes_on() -> None:
    project = project_of(Template.MPS, review_rate=0.0)
    factories.open_items(project, 4)
    out = StringIO()

    call_command("simulate", project.name, items=2, annotators=4, stdout=out)
    call_command("simulate", project.name, items=2, annotators=4, stdout=out)

    assert "Nothing is known of these images" in out.getvalue()
    assert "8 answers by 4 simulated annotators." in out.getvalue()
    assert "0 answers by 4 simulated annotators." in out.getvalue()


def test_simulated_people_answer_first_where_reviewers_do_and_repeat_their_items() -> None:
    project = project_of(Template.MPS, review_rate=1.0, answers_first=True)
    factories.open_items(project, 12)
    rule = RuleSettings(0.0, 0.5, 0, 0.9, 0.7, 0.05, 0.05, Consequence.NOTHING)
    set_gold_rule(project.created_by, project, rule, timezone.now())
    out = StringIO()

    call_command("simulate", project.name, review=True, stdout=out)

    assert "12 reviews" in out.getvalue()
    first = ReviewerAnswer.objects.filter(annotation=None)
    assert first.count() == Review.objects.count() == 12
    assert Verdict.objects.count() == 36
    assert Annotation.objects.filter(item__source__isnull=False).exists()
    assert broken_but_files() == set()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"reliability": 1.5}, "--reliability goes from 0 to 1."),
        ({"annotators": 10}, "--annotators goes from 1 to 9."),
        ({"truth": Path("nowhere.jsonl")}, "nowhere.jsonl can't be read"),
    ],
)
def test_a_simulation_that_can_not_be_is_refused(options: dict[str, Any], reason: str) -> None:
    project = project_of(Template.MPS)

    with pytest.raises(CommandError, match=reason):
        call_command("simulate", str(project.pk), **options)

    assert not User.objects.filter(username__startswith="sim-").exists()


TWO = (
    Exhibit("Pairs", Template.MPS, "pairs", prompts=1, answered=2, guideline="Compare."),
    Exhibit("Ranks", Template.IMAGEREWARD, "groups", prompts=1, answered=1, guideline="Rank."),
)


def test_filling_again_keeps_everything(tmp_path: Path) -> None:
    seated(tmp_path / "logins.txt")
    lead = User.objects.get(username="demo-lead")
    said: list[str] = []
    demo = Filling(lead, said.append)

    projects = demo.fill(TWO)
    first = list(said)
    again = demo.fill(TWO)

    assert first == [
        "“Pairs” has its images.",
        "“Ranks” has its images.",
        "“Pairs” has 8 simulated answers.",
        "“Ranks” has 3 simulated answers.",
    ]
    assert said == first
    assert again == projects
    assert Project.objects.count() == 2
    # Four images and their reference in each.
    assert Image.objects.count() == 10
    assert Annotation.objects.count() == 11
    for project in projects:
        scope = Scope(timezone.now(), project.pk)
        assert [one.name for one in INVARIANTS if check(one, scope).violations] == []


def test_everybody_of_the_demo_gets_a_password_of_their_own(tmp_path: Path) -> None:
    kept = tmp_path / "logins.txt"

    logins = seated(kept)

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert read(kept) == logins
    assert len({login.password for login in logins}) == len(SEATS) == 5
    assert [u.username for u in User.objects.filter(can_create_projects=True)] == ["demo-lead"]


def test_the_demos_passwords_are_kept_and_made_anew_when_their_file_is_gone(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "logins.txt"
    first = seated(kept)

    assert seated(kept) == first

    kept.unlink()
    second = seated(kept)
    assert {login.password for login in first}.isdisjoint(login.password for login in second)
    for login in second:
        assert User.objects.get(username=login.username).check_password(login.password)


def test_the_demos_people_join_its_projects_once(tmp_path: Path) -> None:
    seated(tmp_path / "logins.txt")
    project = project_of(Template.MPS)
    ana = User.objects.get(username="demo-ana")

    for _ in range(2):
        join_all([project], ana, Role.ANNOTATOR)

    assert Membership.objects.filter(user=ana).count() == 1
