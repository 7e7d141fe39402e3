"""Exports of pairs and items, opened by the libraries that people open them with."""

import gc
import io
import json
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tests.references  # noqa: F401 - before what looks for torchvision

# isort: split

import datasets
import pytest
import webdataset
from datasets.exceptions import DataFilesNotFoundError
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
from trl import DPOTrainer, RewardTrainer
from trl.data_utils import is_conversational, prepare_multimodal_messages

from annotator.exports.read.draws import Splitter
from annotator.items.models import Image as StoredImage
from annotator.items.models import Item
from annotator.projects.models import Project
from tests import judged
from tests.rooms.exported import batch, flaw_project, flawed, made, pair_project, rows, voted

VOTES = [("1", "aab"), ("2", "bbb"), ("3", "att"), ("4", "bab"), ("5", "ntu")]
ALL_IN_TRAIN = {"split": "100/0/0", "shard_items": 2}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def of_votes() -> Project:
    project = pair_project()
    judged.question(project, "note", "comment", required=False)
    in_batch = batch(project)
    for key, choices in VOTES:
        voted(project, in_batch, key, choices)
    return project


def opened(folder: Path, tmp_path: Path) -> Any:
    """What `datasets` makes of the folder, every row of it read."""
    found = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    for split in found.values():
        assert len(list(split)) == len(split)
    return found


@pytest.mark.django_db(transaction=True)
def test_datasets_opens_what_is_parquet_and_decodes_what_are_images(tmp_path: Path) -> None:
    project = of_votes()

    item = made(project, "hf-dataset", tmp_path / "items", **ALL_IN_TRAIN)
    pick = made(project, "pickapic", tmp_path / "pick", split="0/50/50")
    dpo = made(project, "diffusion-dpo", tmp_path / "dpo", **ALL_IN_TRAIN)

    items = opened(item, tmp_path)["train"]
    assert [row["prompt"] for row in items] == [f"prompt of {n}" for n in (1, 2, 3, 4, 5)]
    first = items[0]
    assert [image.size for image in first["images"]] == [(8, 8), (8, 8)]
    assert first["answers"]["overall"]["votes"] == {
        "a": 2, "b": 1, "tie": 0, "both_bad": 0, "unsure": 0,
    }  # fmt: skip
    assert first["answers"]["note"] is None
    found = opened(pick, tmp_path)
    assert sum(len(found[name]) for name in found if not name.endswith("_unique")) == 13
    assert found.keys() <= {"validation", "validation_unique", "test", "test_unique"}
    for split in ("validation", "test"):
        if split in found:
            prompts = found[f"{split}_unique"]["caption"][:]
            assert sorted(prompts) == sorted(set(found[split]["caption"][:]))
    rows = opened(dpo, tmp_path)["train"]
    assert set(rows["label_0"][:]) <= {0, 1}
    assert len(rows) == 3
    # As the scripts do: the column holds encoded bytes, nothing decoded.
    assert Image.open(io.BytesIO(rows[0]["jpg_0"])).convert("RGB").size == (8, 8)


@pytest.mark.django_db(transaction=True)
def test_trl_takes_the_rows_for_a_conversation_with_two_images(tmp_path: Path) -> None:
    project = of_votes()

    folder = made(project, "trl", tmp_path / "out", **ALL_IN_TRAIN)

    rows = opened(folder, tmp_path)["train"]
    assert len(rows) == 3
    for row in rows:
        assert is_conversational(row)
        messages = prepare_multimodal_messages(row["prompt"], images=row["images"])
        assert [part["type"] for part in messages[0]["content"]] == ["image", "image", "text"]
        assert [part["image"].size for part in messages[0]["content"][:2]] == [(8, 8), (8, 8)]
        for key in ("chosen", "rejected"):
            [answer] = prepare_multimodal_messages(row[key])
            assert answer["content"][0]["text"].endswith("image.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trainer", [DPOTrainer, RewardTrainer])
def test_trls_trainers_prepare_the_rows_without_images(tmp_path: Path, trainer: Any) -> None:
    project = of_votes()
    folder = made(project, "trl", tmp_path / "out", images=False, **ALL_IN_TRAIN)
    rows = opened(folder, tmp_path)["train"]
    tokenizer = words()
    args = types.SimpleNamespace(
        dataset_num_proc=None, max_length=None, truncation_mode="keep_start"
    )

    ready = trainer._prepare_dataset(
        types.SimpleNamespace(_tokenizer=tokenizer), rows, tokenizer, args, "train"
    )

    assert len(ready) == 3
    assert ready["margin"][:] == [1 / 3, 1.0, 1 / 3]


def words() -> Any:
    """A tokenizer of whole words that knows a chat's form."""
    raw = Tokenizer(models.WordLevel({"<unk>": 0, "</s>": 1, "<pad>": 2}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] }} : {{ m['content'] }} {{ eos_token }} {% endfor %}"
        "{% if add_generation_prompt %}assistant : {% endif %}"
    )
    return tokenizer


@pytest.mark.django_db(transaction=True)
def test_webdataset_streams_a_sample_an_item(tmp_path: Path) -> None:
    project = of_votes()

    folder = made(project, "webdataset", tmp_path / "out", **ALL_IN_TRAIN, encoding="webp")

    tars = sorted(str(path) for path in folder.glob("data/train-*.tar"))
    assert len(tars) == 3
    with warnings.catch_warnings():
        # It leaves its tars to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        reader = webdataset.WebDataset(tars, shardshuffle=False, empty_check=False)
        samples = list(reader.decode("pil"))
        del reader
        gc.collect()
    assert [sample["json"]["prompt"] for sample in samples] == [
        f"prompt of {n}" for n in (1, 2, 3, 4, 5)
    ]
    assert {sample[part].size for sample in samples for part in ("a.webp", "b.webp")} == {(8, 8)}
    assert samples[1]["json"]["answers"]["overall"]["majority"] == "b"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("images", [True, False])
def test_datasets_labels_the_images_of_pairs_split_by_split(
    tmp_path: Path, *, images: bool
) -> None:
    project = of_votes()

    folder = made(project, "preferences", tmp_path / "out", split="50/50/0", images=images)

    lines = {row["key"]: row for row in rows(folder, "preferences.jsonl")}
    found = opened(folder, tmp_path)
    labelled = {row["key"]: (name, row) for name in found for row in found[name]}
    assert labelled.keys() == lines.keys() == {"1", "2", "4"}
    assert set(found) <= {"train", "validation"}
    for key, (name, row) in labelled.items():
        line = lines[key]
        assert row["split"] == name == line["split"]
        assert row["votes"] == line["votes"]
        assert row["generators"] == line["generators"]
        assert row["prompt"] == f"prompt of {key}"
        for side in ("chosen", "rejected"):
            if images:
                with Image.open(folder / line[side]) as expected:
                    assert row[side].tobytes() == expected.convert(row[side].mode).tobytes()
            else:
                assert row[side] == line[side]


@pytest.mark.django_db(transaction=True)
def test_datasets_labels_masks_and_heatmaps(tmp_path: Path) -> None:
    project = flaw_project()
    flawed(project)

    masks = opened(made(project, "masks", tmp_path / "masks", kind="disk", size=64), tmp_path)[
        "train"
    ]
    drawn = opened(made(project, "heatmaps", tmp_path / "maps", size=16), tmp_path)["train"]
    whole = made(project, "heatmaps", tmp_path / "whole", size=16, images=True, arrays="no_arrays")

    assert [row["mask"].size for row in masks] == [row["image"].size for row in masks] == [(8, 8)]
    assert masks[0]["prompt"] == "a hand"
    assert sorted(masks[0]["flaws"]) == ["implausibility", "misalignment"]
    assert [row["flaw"] for row in drawn] == ["implausibility", "misalignment"]
    assert [row["png"].size for row in drawn] == [(16, 16)] * 2
    assert [row["marks"] for row in drawn] == [4, 0]
    assert "image" not in drawn.features
    for row in opened(whole, tmp_path)["train"]:
        assert row["image"].size == (8, 8)


@pytest.mark.django_db(transaction=True)
def test_a_card_says_how_much_its_rows_are(tmp_path: Path) -> None:
    folder = made(of_votes(), "hf-dataset", tmp_path / "out", split="100/0/0")

    said = datasets.load_dataset_builder(str(folder)).info.splits["train"]
    counted = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]
    assert said.num_examples == 5
    # A validity bitmap more or less.
    assert said.num_bytes == pytest.approx(counted.data.nbytes, rel=0.01)


# The rows of VOTES in all splits together, and a column that no image has.
LOADED = {
    "annotations": (15, "annotator"),
    "diffusion-dpo": (3, "label_0"),
    "hpdv2": (3, "human_preference"),
    "hpdv3": (3, "choice_dist"),
    "hpdv3pp": (3, "choice_dist"),
    "imagereward": (3, "ranking"),
    "llamafactory": (3, "messages"),
    "lora-pairs": (3, "margin"),
    "mps": (5, "dimensions"),
    "preferences": (3, "votes"),
    "prompts": (5, "dispute"),
    "swift": (3, "rejected_images"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", LOADED)
def test_a_folder_loads_as_rows_with_their_labels_whatever_its_splits(
    form: str, tmp_path: Path
) -> None:
    count, column = LOADED[form]

    found = opened(made(of_votes(), form, tmp_path / "rows", shard_items=2), tmp_path)

    assert sum(map(len, found.values())) == count
    assert found.keys() <= {"train", "validation", "test"}
    assert all(column in of_split.column_names for of_split in found.values())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["preferences", "diffusion-dpo", "trl", "llamafactory", "hpdv3"])
def test_a_folder_without_rows_says_so_when_it_is_loaded(form: str, tmp_path: Path) -> None:
    project = pair_project()
    in_batch = batch(project)
    for key in ("1", "2"):
        voted(project, in_batch, key, "ttt")

    folder = made(project, form, tmp_path / "none")

    with pytest.raises(DataFilesNotFoundError, match=r"No .* data files"):
        opened(folder, tmp_path)


def with_gaps(project: Project, **meta: object) -> tuple[Project, dict[str, object]]:
    """Pairs 1 and 2, which nobody could judge, fall into a split of their own; 1 and 3 have meta.

    With them the options that draw the splits so; `meta`: more of the first image of 1.
    """
    judged.question(project, "style", "preference", required=False)
    in_batch = batch(project)
    for key, choices in (("1", "uuu"), ("2", "uuu"), ("3", "aab"), ("4", "bbb"), ("5", "aaa")):
        item = voted(project, in_batch, key, choices)
        if key in "13":
            own = {"cfg": 7, **meta} if key == "1" else {"sampler": "euler", "cfg": 7.5}
            Item.objects.filter(pk=item.pk).update(meta={"category": "fox"})
            StoredImage.objects.filter(places__item=item, places__place=0).update(meta=own)
    alone = ["train", "train", "test", "test", "test"]
    prompts = [f"prompt of {n}" for n in range(1, 6)]
    seed = next(
        seed
        for seed in range(10_000)
        if [*map(Splitter(project.seed, seed, (50, 0, 50)).split_of, prompts)] == alone
    )
    return project, {"split": "50/0/50", "seed": seed, "shard_items": 1}


def loaded(folder: Path, tmp_path: Path, *names: str) -> dict[str, Any]:
    """The rows of every split as `datasets` has them, without the names that a row has not."""
    found = datasets.load_dataset(str(folder), *names, cache_dir=str(tmp_path / "cache"))
    return {split: [without_nulls(row) for row in found[split]] for split in found}


def without_nulls(value: Any, digits: int = 0) -> Any:
    """A row that has no names of nulls, its numbers rounded to so many digits if any."""
    match value:
        case dict():
            kept = {name: without_nulls(one, digits) for name, one in value.items()}
            return {name: one for name, one in kept.items() if one is not None}
        case list():
            return [without_nulls(one, digits) for one in value]
        case float() if digits:
            return round(value, digits)
    return value


@pytest.mark.django_db(transaction=True)
def test_a_split_of_undecided_pairs_alone_loads_beside_the_others(tmp_path: Path) -> None:
    project, options = with_gaps(pair_project())

    folder = made(project, "mps", tmp_path / "mps", **options)

    found = loaded(folder, tmp_path, "default")
    lines = {name: rows(folder, f"{name}.jsonl") for name in ("train", "test")}
    assert found == without_nulls(lines)
    assert [row["key"] for row in found["train"]] == ["1", "2"]
    nobody = {"a": 0, "b": 0, "tie": 0, "both_bad": 0, "unsure": 3}
    assert [row["dimensions"] for row in found["train"]] == 2 * [{"overall": {"counts": nobody}}]
    by_key = {row["key"]: row for row in found["test"]}
    assert {key: row["dimensions"]["overall"]["winner"] for key, row in by_key.items()} == {
        "3": 0, "4": 1, "5": 0,
    }  # fmt: skip
    assert by_key["3"]["dimensions"]["overall"]["shares"] == [2 / 3, 1 / 3]
    assert by_key["3"]["meta"] == [{"sampler": "euler", "cfg": 7.5}, {}]
    assert [row["meta"] for row in found["train"]] == [[{"cfg": 7}, {}], [{}, {}]]
    assert [row["item_meta"] for row in found["train"]] == [{"category": "fox"}, {}]
    tests = loaded(folder, tmp_path, "overall")
    assert [row["rank"] for row in tests["test"]] == [[1, 2], [2, 1], [1, 2]]


@pytest.mark.django_db(transaction=True)
def test_numbers_of_64_bits_and_names_of_several_types_load(tmp_path: Path) -> None:
    seed = (1 << 64) - 1
    project, options = with_gaps(pair_project(), seed=seed, sampler=2)

    folder = made(project, "mps", tmp_path / "mps", **options)

    found = loaded(folder, tmp_path, "default")
    assert found["train"][0]["meta"] == [{"cfg": 7, "seed": seed, "sampler": 2}, {}]
    assert found["test"][0]["meta"] == [{"cfg": 7.5, "sampler": "euler"}, {}]


# Formats of text files, and the file of a split.
TEXTS = {
    "hpdv2": "{}.json",
    "hpdv3": "{}.json",
    "imagereward": "{}.json",
    "lora-pairs": "pairs.jsonl",
    "prompts": "{}.jsonl",
    "swift": "{}.jsonl",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", TEXTS)
def test_what_datasets_loads_is_what_the_files_say(form: str, tmp_path: Path) -> None:
    project, options = with_gaps(pair_project())

    folder = made(project, form, tmp_path / "out", **options)

    found = loaded(folder, tmp_path)
    assert found
    for split, of_split in found.items():
        file = folder / TEXTS[form].format(split)
        listed = file.suffix == ".json"
        in_file = json.loads(file.read_text()) if listed else rows(folder, file.name)
        # Of a list `datasets` keeps ten digits.
        digits = 10 if listed else 0
        assert without_nulls(of_split, digits) == without_nulls(in_file, digits)
