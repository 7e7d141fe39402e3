"""DSDL's sets, definitions and names, against values by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from annotator.exports.formats.dsdl.format import LAYOUTS, PLAIN_STRUCTS
from annotator.exports.formats.dsdl.language import Struct, identifiers, set_yaml, structs_yaml
from annotator.exports.formats.dsdl.layout import GENERATED, Names
from annotator.projects.models import Project, Template
from annotator.projects.services import ProjectSettings, create_project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, pair_project, people, voted
from tests.rooms.test_exports_richhf import answers as rich_answers

PARAMS = "gdom=GeneratorDom, ddom=DimensionDom, vdom=ChoiceDom"
ALL_IN_TRAIN = {"split": "100/0/0"}


def samples(folder: Path, name: str = "train") -> list[dict[str, Any]]:
    split = name.split("-")[0]
    text = (folder / f"set-{split}" / f"{name}_samples.json").read_text()
    found = json.loads(text)
    assert found.keys() == {"samples"}
    return found["samples"]


def of_template(template: Template) -> Project:
    owner = factories.user(can_create_projects=True)
    return create_project(by=owner, template=template, settings=ProjectSettings(name="Feedback"))


def pairs() -> Project:
    """One pair: overall a, a, unsure; the generators' names are no identifiers."""
    project = pair_project()
    item = judged.item(batch(project), "1", "“two” red cats", ["flux.1-dev", "flux 1 dev"])
    for slot, (person, choice) in enumerate(
        zip(people(project), ("a", "tie", "unsure"), strict=True)
    ):
        judged.answer(item, person, judged.said(choice, "overall"), slot=slot)
    judged.settle(item)
    return project


def ranking() -> Project:
    """Four images; b first, then a and d together, then c; a has its limbs wrong."""
    project = of_template(Template.IMAGEREWARD)
    item = judged.item(batch(project), "1", "two red cats", ["p", "q", "r", "s"])
    ratings = {"a": 5, "b": 7, "c": 1, "d": 5}
    said = {
        **{key: {"ratings": ratings} for key in ("alignment", "fidelity", "overall")},
        "issues": {"flags": {"a": ["limbs", "toxic"], "b": [], "c": [], "d": []}},
        "ranking": {"tiers": [["b"], ["a", "d"], ["c"]]},
    }
    judged.answer(item, factories.member(project), said)
    judged.settle(item)
    return project


def rich() -> Project:
    """Ratings 5, 4, 4; one mark at pixel (2, 1) of 8 × 8 by one; word 1 by two, word 0 by one."""
    project = of_template(Template.RICHHF)
    item = judged.item(batch(project), "1", "two red cats", ["painter"])
    said = [
        rich_answers(5, [(0.25, 0.125)], [0, 1]),
        rich_answers(4, [], [1]),
        rich_answers(4, [], []),
    ]
    for slot, (person, one) in enumerate(zip(people(project), said, strict=True)):
        judged.answer(item, person, one, slot=slot)
    judged.settle(item)
    return project


def binary() -> Project:
    """Two pick b, one a; both find b real, one of them faithful; a is neither."""
    project = of_template(Template.ENTITYDRAW)
    item = judged.item(batch(project), "1", "a beagle", ["p", "q"])
    said = [("b", True, True), ("b", True, False), ("a", False, False)]
    for slot, (person, (best, real, true)) in enumerate(zip(people(project), said, strict=True)):
        answers = {
            "best": {"choice": best},
            "photorealism": {"flags": {best: ["photorealism"] if real else []}},
            "faithfulness": {"flags": {best: ["faithfulness"] if true else []}},
        }
        judged.answer(item, person, answers, slot=slot)
    judged.settle(item)
    return project


def anything() -> Project:
    """Every kind that fits two images, some of it without an answer."""
    project = pair_project()
    judged.question(project, "order", "ranking")
    judged.question(project, "quality", "rating", scale_min=1, scale_max=5)
    judged.question(project, "flaws", "marks")
    judged.question(project, "class", "flags", options=["on", "null"])
    judged.question(project, "wrong_words", "words")
    judged.question(project, "remark", "comment", required=False)
    item = judged.item(batch(project), "1", "two red cats", ["painter", ""])
    full = {
        **judged.said("a", "overall"),
        "order": {"tiers": [["a"], ["b"]]},
        "quality": {"ratings": {"a": 4, "b": 2}},
        "flaws": {"marks": {"a": [{"x": 0.5, "y": 0.25}], "b": []}},
        "class": {"flags": {"a": ["null"], "b": []}},
        "wrong_words": {"tokens": [2]},
        "remark": {"text": "so\nso"},
    }
    first, second, _ = people(project)
    judged.answer(item, first, full)
    judged.answer(item, second, judged.said("both_bad", "overall"), slot=1)
    judged.settle(item)
    return project


ALL = {"pairs": pairs, "ranking": ranking, "rich": rich, "binary": binary, "anything": anything}


@pytest.mark.django_db(transaction=True)
def test_a_pair_is_a_sample_with_everybodys_choice(tmp_path: Path) -> None:
    folder = made(pairs(), "dsdl", tmp_path / "out", **ALL_IN_TRAIN)

    (sample,) = samples(folder)
    people = {choice.pop("annotator") for choice in sample["choices"]}
    assert len(people) == 3
    assert sample["choices"] == [
        {"dimension": "overall", "choice": choice} for choice in ("image_a", "tie", "unsure")
    ]
    assert sample["prompt"] == "“two” red cats"
    assert sample["image_a"]["generator"] == "flux_1_dev_2"
    assert sample["image_b"] == sample["image_b"] | {"generator": "flux_1_dev", "shape": [8, 8]}
    assert (folder / sample["image_a"]["image"]).is_file()
    (plain,) = samples(folder, "train-plain")
    assert plain == {
        letter: {"image": sample[letter]["image"], "domain": sample[letter]["generator"]}
        for letter in ("image_a", "image_b")
    }
    found = manifest(folder)
    assert (found["rows"], found["items"]) == (1, 1)
    assert found["counts"] == {"sets": {"train": {"train": 1, "train-plain": 1}}}
    assert found["schema"]["names"]["GeneratorDom"] == {
        "flux 1 dev": "flux_1_dev",
        "flux.1-dev": "flux_1_dev_2",
    }


@pytest.mark.django_db(transaction=True)
def test_a_set_is_there_only_where_it_has_samples(tmp_path: Path) -> None:
    folder = made(pairs(), "dsdl", tmp_path / "out", split="0/100/0")

    assert {path.name for path in folder.iterdir()} == {
        "README.md",
        "config.py",
        "defs",
        "images",
        "manifest.json",
        "set-val",
    }
    assert {path.name for path in (folder / "set-val").iterdir()} == {
        "val.yaml",
        "val_samples.json",
        "val-plain.yaml",
        "val-plain_samples.json",
    }
    assert (folder / "set-val" / "val.yaml").read_text().splitlines()[-2:] == [
        f"    sample-type: PairPreferenceSample[{PARAMS}]",
        "    sample-path: val_samples.json",
    ]
    assert "PairedSample[cdom=GeneratorDom]" in (folder / "set-val/val-plain.yaml").read_text()


@pytest.mark.django_db(transaction=True)
def test_a_ranking_is_a_sample_a_person(tmp_path: Path) -> None:
    folder = made(ranking(), "dsdl", tmp_path / "out", **ALL_IN_TRAIN)

    (sample,) = samples(folder)
    assert [image["rank"] for image in sample["images"]] == [2, 1, 3, 2]
    first = sample["images"][0]
    assert {key: first[key] for key in first if key != "media"} == {
        "rank": 2,
        "alignment_rating": 5,
        "fidelity_rating": 5,
        "overall_rating": 5,
        "issues": ["issues_limbs", "issues_toxic"],
    }
    assert sample["images"][1]["issues"] == []
    assert [one["domain"] for one in samples(folder, "train-plain")] == ["p", "q", "r", "s"]


@pytest.mark.django_db(transaction=True)
def test_a_rich_image_has_marks_maps_words_and_means(tmp_path: Path) -> None:
    folder = made(rich(), "dsdl", tmp_path / "out", **ALL_IN_TRAIN)

    (sample,) = samples(folder)
    assert sample["tokens"] == ["two", "red", "cats"]
    assert sample["token_labels"] == [1, 0, 1]
    # The mean of 1, 3/4 and 3/4.
    assert sample["plausibility"] == sample["text_alignment"] == pytest.approx(2.5 / 3)
    (mark,) = sample["marks"]
    assert (mark["point"], mark["kind"]) == ([2.0, 1.0], "implausibility")
    with Pillow.open(folder / sample["artifact_map"]) as image:
        assert (image.size, image.mode) == ((512, 512), "L")
        assert set(np.unique(np.asarray(image))) == {0, 85}
    with Pillow.open(folder / sample["misalignment_map"]) as image:
        assert not np.asarray(image).any()


@pytest.mark.django_db(transaction=True)
def test_flags_are_what_more_than_half_say_who_judged_the_image(tmp_path: Path) -> None:
    folder = made(binary(), "dsdl", tmp_path / "out", **ALL_IN_TRAIN)

    found = [
        (one["media"]["generator"], one["people"], one["picks"], one["photorealism"])
        for one in samples(folder)
    ]
    assert found == [("p", 1, 1, False), ("q", 2, 2, True)]
    # One of two is not more than half.
    assert [one["faithfulness"] for one in samples(folder)] == [False, False]


@pytest.mark.django_db(transaction=True)
def test_any_other_project_gives_its_answers_piece_by_piece(tmp_path: Path) -> None:
    folder = made(anything(), "dsdl", tmp_path / "out", **ALL_IN_TRAIN)

    (sample,) = samples(folder)
    assert [image["generator"] for image in sample["images"]] == ["painter", "nameless"]
    person = sample["pieces"][0]["annotator"]
    theirs = [piece for piece in sample["pieces"] if piece["annotator"] == person]
    assert [{k: v for k, v in piece.items() if k != "annotator"} for piece in theirs] == [
        {"dimension": "overall", "kind": "choice", "choice": "a"},
        {"dimension": "order", "kind": "tier", "letter": "a", "number": 0},
        {"dimension": "order", "kind": "tier", "letter": "b", "number": 1},
        {"dimension": "quality", "kind": "number", "letter": "a", "number": 4},
        {"dimension": "quality", "kind": "number", "letter": "b", "number": 2},
        {"dimension": "flaws", "kind": "point", "letter": "a", "point": [4.0, 2.0]},
        {"dimension": "flaws", "kind": "nothing", "letter": "b"},
        {"dimension": "class_", "kind": "flag", "letter": "a", "choice": "null"},
        {"dimension": "class_", "kind": "nothing", "letter": "b"},
        {"dimension": "wrong_words", "kind": "token", "number": 2},
        {"dimension": "remark", "kind": "text", "text": "so\nso"},
    ]
    assert len(sample["pieces"]) == len(theirs) + 1


@pytest.mark.django_db(transaction=True)
def test_shards_change_no_byte_but_those_of_the_manifest(tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    for number in range(5):
        voted(project, in_batch, str(number), "aab")

    whole = contents(made(project, "dsdl", tmp_path / "one", split="60/20/20"))
    parts = contents(made(project, "dsdl", tmp_path / "two", split="60/20/20", shard_items=1))

    assert {name for name in whole if whole[name] != parts[name]} == {"manifest.json"}
    assert whole.keys() == parts.keys()


def test_names_become_identifiers_no_two_the_same() -> None:
    names = ["flux.1-dev", "flux 1 dev", "class", "3d", "", "画师", "Größe", "flux_1_dev_2"]

    assert list(identifiers(names, taken=["class_"]).values()) == [
        "flux_1_dev",
        "flux_1_dev_2",
        "class__2",
        "n3d",
        "nameless",
        "nameless_2",
        "Groe",
        "flux_1_dev_2_2",
    ]


def test_definitions_are_written_as_the_language_says() -> None:
    struct = Struct("Rich", ("gdom",), {"media": "Image", "note": "Str"}, ("note",))

    assert structs_yaml([struct]).decode().splitlines() == [
        '$dsdl-version: "0.5.3"',
        "Rich:",
        "    $def: struct",
        '    $params: ["gdom"]',
        "    $fields:",
        "        media: Image",
        "        note: Str",
        '    $optional: ["note"]',
    ]
    text = set_yaml(dataset='“A” "b" 😀\n', subset="train", sample_type="Rich", samples="s.json")
    assert b'Dataset Name: "\\u201cA\\u201d \\"b\\" \\U0001f600"' in text


def test_no_definitions_name_is_part_of_anothers() -> None:
    """The package would take it for a reference to the other."""
    names = Names({"g": "g"}, {"q": "q"}, {"m": "m"}, {"f": "f"}, {}, {"f": "f"})
    structs = [*PLAIN_STRUCTS, GENERATED, *(s for layout in LAYOUTS for s in layout.structs(names))]
    known = [*(s.name for s in structs), *{domain.name for domain in names.domains.values()}]

    assert len(set(known)) == len(known)
    assert [(a, b) for a in known for b in known if a != b and a in b] == []
