"""The lists of pairs and ranks that trainers read, against votes counted by hand."""

import hashlib
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from annotator.core.reasons import Code, Reason
from annotator.exports.formats.registry import FORMATS
from annotator.exports.read.draws import pseudonym, turned
from annotator.exports.read.source import specs_of
from annotator.items.models import Image, ItemImage
from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, contents, made, manifest, pair_project, people, rows, voted

LISTS = ["imagereward", "hpdv2", "hpdv3", "mps"]
VOTES = [("1", "aab"), ("2", "bbb"), ("3", "abt"), ("4", "tta"), ("5", "nnu"), ("6", "aat")]


def listed(folder: Path, name: str) -> list[dict]:
    return json.loads((folder / name).read_text())


def of_votes() -> tuple[Project, dict]:
    project = pair_project()
    in_batch = batch(project)
    return project, {key: voted(project, in_batch, key, said) for key, said in VOTES}


def names(item, folder: str = "images/") -> list[str]:
    places = ItemImage.objects.filter(item=item).order_by("place")
    return [f"{folder}{sha}.png" for sha in places.values_list("image__sha256", flat=True)]


@pytest.mark.django_db(transaction=True)
def test_hpdv3_has_the_preferred_first_with_its_votes(tmp_path: Path) -> None:
    project, items = of_votes()

    folder = made(project, "hpdv3", tmp_path / "out", split="100/0/0")

    found = listed(folder, "train.json")
    assert found[0] == {
        "prompt": "prompt of 1",
        "path1": names(items["1"])[0],
        "path2": names(items["1"])[1],
        "confidence": 2 / 3,
        "choice_dist": [2, 1],
        "model1": "painter",
        "model2": "drawer",
    }
    assert [(r["path1"], r["confidence"], r["choice_dist"]) for r in found[1:]] == [
        (names(items["2"])[1], 1.0, [3, 0]),
        (names(items["6"])[0], 2.5 / 3, [2, 0]),
    ]
    assert listed(folder, "valid.json") == listed(folder, "test.json") == []
    assert all((folder / row[path]).exists() for row in found for path in ("path1", "path2"))
    reasons = {"both_bad": 1, "no_majority": 1, "tie": 1}
    assert manifest(folder)["left_out"]["dimensions"] == {"overall": reasons}
    assert "0.95" in (folder / "README.md").read_text()


@pytest.mark.django_db(transaction=True)
def test_hpdv2_has_pairs_to_train_and_ranks_to_test(tmp_path: Path) -> None:
    project, items = of_votes()

    train = made(project, "hpdv2", tmp_path / "train", split="50/50/0", seed=1)
    test = made(project, "hpdv2", tmp_path / "test", split="0/0/100")

    pairs = {
        row["prompt"]: (split, row)
        for split in ("train", "valid")
        for row in listed(train, f"{split}.json")
    }
    assert {p: row["human_preference"] for p, (_, row) in pairs.items()} == {
        "prompt of 1": [1, 0],
        "prompt of 2": [0, 1],
        "prompt of 6": [1, 0],
    }
    for split, row in pairs.values():
        assert row.keys() == {"human_preference", "prompt", "file_path"}
        assert all((train / split / file).exists() for file in row["file_path"])
    assert pairs["prompt of 2"][1]["file_path"] == names(items["2"], "")
    ranks = listed(test, "test.json")
    assert [(r["image_path"], r["rank"]) for r in ranks] == [
        (names(items["1"], ""), [1, 2]),
        (names(items["2"], ""), [2, 1]),
        (names(items["6"], ""), [1, 2]),
    ]
    assert [one["rank"] for one in ranks[2]["raw_annotations"]] == [[1, 2], [1, 2], [1, 1]]
    assert {one["user_hash"][:2] for one in ranks[0]["raw_annotations"]} == {"A-"}
    assert all((test / "test" / file).exists() for r in ranks for file in r["image_path"])


def ranked_project() -> tuple[Project, object, list]:
    """Mean ranks a 4/3, b 11/6, c 17/6: see test_exports_preferences.ranked."""
    project = factories.project("custom")
    judged.question(project, "ranking", "ranking")
    item = judged.item(batch(project), "1", "a cat", ["g0", "g1", "g2"])
    said = [[["a"], ["b", "c"]], [["a"], ["b"], ["c"]], [["b"], ["a"], ["c"]]]
    who = people(project)
    for slot, (person, tiers) in enumerate(zip(who, said, strict=True)):
        judged.answer(item, person, {"ranking": {"tiers": tiers}}, slot=slot)
    judged.settle(item)
    return project, item, who


@pytest.mark.django_db(transaction=True)
def test_rankings_become_whole_ranks_and_each_persons_own(tmp_path: Path) -> None:
    project, item, who = ranked_project()

    reward = made(project, "imagereward", tmp_path / "reward", split="100/0/0")
    hpd = made(project, "hpdv2", tmp_path / "hpd", split="0/0/100")

    assert listed(reward, "train.json") == [
        {
            "id": str(item.pk),
            "prompt": "a cat",
            "generations": names(item),
            "ranking": [1, 2, 3],
        }
    ]
    assert listed(reward, "valid.json") == listed(reward, "test.json") == []
    [row] = listed(hpd, "test.json")
    hashes = [pseudonym(person.pk, seed=project.seed, role="A") for person in who]
    assert row["raw_annotations"] == [
        {"rank": [1, 2, 2], "user_hash": hashes[0]},
        {"rank": [1, 2, 3], "user_hash": hashes[1]},
        {"rank": [2, 1, 3], "user_hash": hashes[2]},
    ]
    assert "mps" not in [f for f in FORMATS if FORMATS[f].misfit(specs_of(project)) is None]


@pytest.mark.django_db(transaction=True)
def test_imagereward_takes_preferences_too(tmp_path: Path) -> None:
    project, items = of_votes()

    folder = made(project, "imagereward", tmp_path / "out", split="0/100/0")

    found = listed(folder, "valid.json")
    assert [(r["id"], r["ranking"]) for r in found] == [
        (str(items["1"].pk), [1, 2]),
        (str(items["2"].pk), [2, 1]),
        (str(items["6"].pk), [1, 2]),
    ]
    reasons = {"both_bad": 1, "no_majority": 1, "tie": 1}
    assert manifest(folder)["left_out"]["dimensions"] == {"overall": reasons}


@pytest.mark.django_db(transaction=True)
def test_mps_keeps_all_votes_of_all_dimensions(tmp_path: Path) -> None:
    project = pair_project()
    judged.question(project, "aesthetics", "preference", required=False)
    judged.question(project, "spelling", "preference", required=False)
    in_batch = batch(project)
    item = judged.item(in_batch, "1", "a cat", ["painter", "drawer"])
    said = [("a", "unsure"), ("tie", "unsure"), ("both_bad", "unsure")]
    for slot, (person, (overall, aesthetics)) in enumerate(zip(people(project), said, strict=True)):
        answers = judged.said(overall, "overall") | judged.said(aesthetics, "aesthetics")
        judged.answer(item, person, answers, slot=slot)
    judged.settle(item)
    decided = voted(project, in_batch, "2", "bbb")

    train = made(project, "mps", tmp_path / "train", split="100/0/0")
    test = made(project, "mps", tmp_path / "test", split="0/0/100")

    first, second = rows(train, "train.jsonl")
    assert first == {
        "prompt": "a cat",
        "item_meta": {},
        "meta": [{}, {}],
        "image_0": names(item)[0],
        "image_1": names(item)[1],
        "generators": ["painter", "drawer"],
        "dimensions": {
            "overall": {
                "shares": [2 / 3, 1 / 3],
                "counts": {"a": 1, "b": 0, "tie": 1, "both_bad": 1, "unsure": 0},
                "winner": None,
            },
            "aesthetics": {
                "shares": None,
                "counts": {"a": 0, "b": 0, "tie": 0, "both_bad": 0, "unsure": 3},
                "winner": None,
            },
            "spelling": None,
        },
        "item": str(item.pk),
        "key": "1",
        "settled": True,
    }
    assert second["dimensions"]["overall"]["winner"] == 1
    assert second["dimensions"]["aesthetics"] is None
    words = json.loads((train / "conditions.json").read_text())
    assert words["overall"].endswith("things.")
    assert words["aesthetics"] == "light, color, clarity, tone, style, ambiance, artistry"
    assert words["spelling"] is None
    assert listed(train, "test_overall.json") == []
    [row] = listed(test, "test_overall.json")
    assert (row["image_path"], row["rank"]) == (names(decided), [2, 1])


def resized(item, letter_place: int, size: tuple[int, int]) -> None:
    """Gives an item's image another size, in storage as well."""
    buffer = io.BytesIO()
    Pillow.new("RGB", size, (1, 2, 3)).save(buffer, "PNG")
    image = Image.objects.get(places__item=item, places__place=letter_place)
    image.width, image.height = size
    image.sha256 = hashlib.sha256(buffer.getvalue()).hexdigest()
    image.save()
    default_storage.save(image.path, ContentFile(buffer.getvalue()))


def dpo_rows(folder: Path) -> list[dict]:
    files = sorted(folder.glob("data/*.parquet"))
    return [row for path in files for row in pq.ParquetFile(path).read().to_pylist()]


@pytest.mark.django_db(transaction=True)
def test_diffusion_dpo_has_decided_pairs_in_a_drawn_order(tmp_path: Path) -> None:
    project, items = of_votes()

    folder = made(project, "diffusion-dpo", tmp_path / "out", split="100/0/0")

    found = dpo_rows(folder)
    assert [r["caption"] for r in found] == ["prompt of 1", "prompt of 2", "prompt of 6"]
    stored = {path.stem: path for path in Path(default_storage.path("")).rglob("*.png")}
    for row, (key, better) in zip(found, [("1", 0), ("2", 1), ("6", 0)], strict=True):
        pk = str(items[key].pk)
        label = int(not turned(project.seed, 0, pk, "overall", "a", "b"))
        assert row["label_0"] == label
        shas = [name.removeprefix("images/").removesuffix(".png") for name in names(items[key])]
        wanted = stored[shas[better]].read_bytes()
        assert (row["jpg_0"] if label else row["jpg_1"]) == wanted
    reasons = {"both_bad": 1, "no_majority": 1, "tie": 1}
    assert manifest(folder)["left_out"]["dimensions"] == {"overall": reasons}
    drawn = {turned(project.seed, 0, str(number)) for number in range(64)}
    assert drawn == {True, False}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("choice", "sizes"),
    [("cut", [(8, 6), (8, 6)]), ("keep", [(8, 8), (10, 6)]), ("leave_out", [])],
)
def test_pairs_of_different_sizes_are_made_equal_unless_asked(
    tmp_path: Path, choice: str, sizes: list
) -> None:
    project = pair_project()
    item = voted(project, batch(project), "1", "aaa")
    resized(item, 1, (10, 6))

    folder = made(project, "diffusion-dpo", tmp_path / "out", split="100/0/0", unequal_sizes=choice)

    found = [Pillow.open(io.BytesIO(r[key])).size for r in dpo_rows(folder) for key in ORDER]
    assert sorted(found) == sizes
    left_out = manifest(folder)["left_out"]["dimensions"]["overall"]
    assert left_out == ({"sizes_differ": 1} if choice == "leave_out" else {})


ORDER = ("jpg_0", "jpg_1")


@pytest.mark.django_db(transaction=True)
def test_lists_are_the_same_bytes_from_one_shard_and_from_many(tmp_path: Path) -> None:
    project, _ = of_votes()

    for name in LISTS:
        one = contents(made(project, name, tmp_path / f"{name}1", split="40/30/30"))
        many = contents(made(project, name, tmp_path / f"{name}3", split="40/30/30", shard_items=2))
        assert one.pop("manifest.json") != many.pop("manifest.json")
        assert one == many
        assert len(one) > 4


@pytest.mark.django_db(transaction=True)
def test_a_project_that_compares_nothing_is_told_why() -> None:
    project = factories.project("custom")
    judged.question(project, "plausible", "rating", scale_min=1, scale_max=5)

    reasons = {name: FORMATS[name].misfit(specs_of(project)) for name in [*LISTS, "diffusion-dpo"]}

    assert reasons.pop("mps") == Reason(Code.NO_PREFERENCE)
    assert set(reasons.values()) == {Reason(Code.NO_COMPARISON)}
