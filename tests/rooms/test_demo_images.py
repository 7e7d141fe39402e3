"""The image maker: scenes that obey their prompts, flaws that are where they are said to be."""

import json
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from demo import dataset
from demo.dataset import lay_out, truths
from demo.drawing.files import draw, placed, scene_seed
from demo.drawing.flaws import Cause, Flaw, spoil
from demo.drawing.generators import GENERATORS, Generator, plan, reference, render
from demo.drawing.render import place_of, render_scene
from demo.drawing.scenes import Scene, make_scene
from demo.truth import load_truths
from scoring.images import RGB
from scoring.tokens import token_texts

SEEDS = range(300)
FAULTLESS = Generator("faultless", 1.0)


def inside(flaw: Flaw, image: RGB, factor: float = 1.0) -> np.ndarray:
    rows, columns = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    height = image.shape[0]
    x, y = flaw.x * image.shape[1] - 0.5, flaw.y * height - 0.5
    return np.hypot(columns - x, rows - y) <= factor * flaw.radius * height


def test_a_seed_always_makes_the_same_scene_and_seeds_differ() -> None:
    assert make_scene(7) == make_scene(7)
    assert len({make_scene(seed).prompt for seed in SEEDS}) > 250


@pytest.mark.parametrize("seed", range(0, 300, 7))
def test_the_tokens_of_a_phrase_are_its_words_in_the_prompt(seed: int) -> None:
    scene = make_scene(seed)
    words = token_texts(scene.prompt)

    for phrase in scene.phrases:
        assert words[phrase.colour_token] == phrase.colour
        assert words[phrase.shape_token].startswith(phrase.shape)
        assert words[phrase.count_token] in ({1: ("a", "an"), 2: "two", 3: "three"}[phrase.count])
    for group, phrase in enumerate(scene.phrases):
        assert sum(thing.group == group for thing in scene.things) == phrase.count


def test_things_stand_apart_and_inside_the_image() -> None:
    for seed in SEEDS:
        scene = make_scene(seed)
        for i, thing in enumerate(scene.things):
            place = place_of(thing, scene.view)
            assert 0.03 < place.x < 0.97
            assert 0.03 < place.y < 0.97
            for other in scene.things[:i]:
                if thing.y == other.y:
                    gap = np.hypot(thing.x - other.x, thing.z - other.z)
                    assert gap > 0.9 * (thing.size + other.size), (seed, scene.prompt)


def middle(scene: Scene, group: int, axis: str) -> float:
    return float(np.mean([getattr(thing, axis) for thing in scene.things if thing.group == group]))


@pytest.mark.parametrize(
    ("relation", "axis", "first_is_less"),
    [
        ("left of", "x", True),
        ("right of", "x", False),
        ("in front of", "z", True),
        ("behind", "z", False),
        ("on top of", "y", False),
    ],
)
def test_a_scene_obeys_its_relation(relation: str, axis: str, first_is_less: bool) -> None:
    scenes = [scene for scene in map(make_scene, SEEDS) if f" {relation} " in scene.prompt]

    assert len(scenes) > 20
    for scene in scenes:
        assert (middle(scene, 0, axis) < middle(scene, 1, axis)) == first_is_less


def test_the_same_arguments_draw_the_same_image_and_generators_differ() -> None:
    scene = make_scene(3)
    dauber = GENERATORS[-1]

    once, again = render(scene, dauber, 1), render(scene, dauber, 1)

    assert once.image.shape == (512, 512, 3)
    assert once.image.dtype == np.uint8
    np.testing.assert_array_equal(once.image, again.image)
    assert once.flaws == again.flaws
    assert not np.array_equal(once.image, render(scene, GENERATORS[0], 1).image)


def test_perfect_skill_draws_the_reference() -> None:
    scene = make_scene(4)

    drawn = render(scene, FAULTLESS, 0)

    assert drawn.flaws == ()
    assert set(drawn.quality.values()) == {1.0}
    np.testing.assert_array_equal(drawn.image, reference(scene))


def test_skill_orders_the_generators_in_every_dimension() -> None:
    plans = [[plan(make_scene(s), g, 0) for s in SEEDS] for g in GENERATORS]

    for dimension in plans[0][0].quality:
        means = [float(np.mean([p.quality[dimension] for p in each])) for each in plans]
        assert means == sorted(means, reverse=True)
        assert min(a - b for a, b in pairwise(means)) > 0.03
    assert all(0 <= value <= 1 for each in plans for p in each for value in p.quality.values())


def test_every_cause_occurs_with_words_only_for_misalignment() -> None:
    flaws = [f for s in SEEDS for f in plan(make_scene(s), GENERATORS[-1], 0).flaws]

    assert {flaw.cause for flaw in flaws} == set(Cause)
    for flaw in flaws:
        assert (flaw.kind == "misalignment") == bool(flaw.tokens)
        assert 0 <= flaw.x <= 1
        assert 0 <= flaw.y <= 1
        assert 0.03 < flaw.radius < 0.35


@pytest.mark.parametrize("cause", [Cause.WARPED, Cause.SMEARED, Cause.GARBLED])
def test_a_spoilt_region_lies_within_its_circle_and_shows(cause: Cause) -> None:
    scene = make_scene(5)
    place = place_of(scene.things[1], scene.view)
    flaw = Flaw(cause, place.x + place.radius * 0.5, place.y, 0.1, 0.8)
    clean = render_scene(scene)

    spoilt = spoil(clean, [flaw])

    change = np.abs(spoilt.astype(int) - clean).max(axis=2)
    assert change[~inside(flaw, clean, 1.05)].max() == 0
    assert change[inside(flaw, clean, 0.7)].mean() > 12


@pytest.mark.parametrize("cause", [Cause.COLOUR, Cause.SHAPE, Cause.EXTRA, Cause.MISSING])
def test_a_misalignment_changes_the_image_where_it_is_said_to_be(cause: Cause) -> None:
    found = 0
    for seed in SEEDS:
        scene = make_scene(seed)
        planned = plan(scene, GENERATORS[1], 0)
        if [flaw.cause for flaw in planned.flaws] != [cause]:
            continue
        change = np.abs(render_scene(planned.drawn).astype(int) - reference(scene)).max(axis=2)
        within = inside(planned.flaws[0], reference(scene), 1.1)
        # Shadows and reflections reach out of the circle, the thing itself does not.
        assert (change[within] > 40).sum() > 0.55 * (change > 40).sum()
        found += 1
        if found == 2:
            return
    pytest.fail(f"no scene with {cause} alone")


def test_the_demos_images_are_laid_out_as_an_upload_and_a_truth_of_their_bytes(
    tmp_path: Path,
) -> None:
    manifest = lay_out(tmp_path, prompts=2, form="pairs", pairs_each=3)

    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    assert len(rows) == 6
    for row in rows:
        names = [image["generator"] for image in row["images"]]
        assert len(set(names)) == 2
        for image in row["images"]:
            assert image["file"].startswith(f"{image['generator']}/")
            assert (tmp_path / image["file"]).is_file()
            assert (tmp_path / image["reference"]).is_file()
    known = load_truths(tmp_path / "truth.jsonl")
    assert len(known) == 8
    for truth in known:
        assert sha256((tmp_path / truth.file).read_bytes()).hexdigest() == truth.sha256


def test_only_the_generators_that_are_asked_for_are_laid_out(tmp_path: Path) -> None:
    manifest = lay_out(tmp_path, prompts=3, form="singles", generators=["cobalt-1"])

    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    assert [[image["generator"] for image in row["images"]] for row in rows] == [["cobalt-1"]] * 3
    assert {path.name for path in tmp_path.iterdir()} == {
        "cobalt-1", "references", "manifest.jsonl", "truth.jsonl",
    }  # fmt: skip


def test_the_images_in_the_repository_are_those_that_the_maker_draws() -> None:
    planned = [
        (number, plan(make_scene(scene_seed(dataset.SEED, number)), generator, dataset.SEED))
        for number in range(1, 25)
        for generator in GENERATORS
    ]

    known = truths()

    assert tuple(generator.name for generator in GENERATORS) == dataset.GENERATORS
    assert [(truth.file, truth.prompt, truth.flaws) for truth in known] == [
        (
            f"{one.generator.name}/{number:04}.webp",
            make_scene(scene_seed(dataset.SEED, number)).prompt,
            tuple(placed(flaw) for flaw in one.flaws if flaw.has_place),
        )
        for number, one in planned
    ]
    for truth in known:
        assert sha256((dataset.IMAGES / truth.file).read_bytes()).hexdigest() == truth.sha256


def test_drawing_repeats_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw(tmp_path / name, prompts=1, seed=5)

    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 6
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_is_no_truth_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text('{"file": "a.png"}\n')

    with pytest.raises(ValueError, match="no line of a truth file"):
        load_truths(tmp_path / "truth.jsonl")


def test_a_seed_means_the_same_scene_on_every_machine() -> None:
    assert make_scene(1).prompt == (
        "two striped blue eggs behind a metallic turquoise cube on a checkered tablecloth"
    )
