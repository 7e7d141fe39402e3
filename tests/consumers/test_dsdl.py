"""Our DSDL folders before the `dsdl` package, strictly: each sample made, each image opened."""

from pathlib import Path

import pytest

from tests import consumers
from tests.rooms.exported import batch, made, pair_project, voted
from tests.rooms.test_exports_dsdl import ALL, PARAMS

# Folder → what its first set's samples are, how many there are of it and of the plain one, and how
# many images they name: a rich sample has two maps beside its image.
WANTED = {
    "pairs": (f"PairPreferenceSample[{PARAMS}]", 1, 2, "PairedSample", 1, 2),
    "ranking": ("RankingSample[gdom=GeneratorDom, fdom=IssueDom]", 1, 4, "UnpairedSample", 4, 4),
    "rich": ("RichSample[gdom=GeneratorDom, kdom=MarkKindDom]", 1, 3, "UnpairedSample", 1, 1),
    "binary": ("BinarySample[gdom=GeneratorDom]", 2, 2, "UnpairedSample", 2, 2),
    "anything": (
        "JudgedSample[gdom=GeneratorDom, ddom=DimensionDom]",
        1,
        2,
        "PairedSample",
        1,
        2,
    ),
}


@pytest.mark.django_db(transaction=True)
def test_dsdl_makes_every_sample_of_every_shape(tmp_path: Path) -> None:
    folders = {
        name: made(project(), "dsdl", tmp_path / name, split="100/0/0")
        for name, project in ALL.items()
    }
    split = pair_project()
    split.name = "“Feedback”: 反馈 #1"
    split.save()
    in_batch = batch(split)
    for number in range(8):
        voted(split, in_batch, str(number), "abt")
    folders["split"] = made(split, "dsdl", tmp_path / "split", split="40/30/30", encoding="webp")

    answer = consumers.ask("dsdl_reader", *folders.values())

    found = {name: answer[str(folder.resolve())]["sets"] for name, folder in folders.items()}
    assert {name: found[name] for name in WANTED} == {
        name: {
            "set-train/train.yaml": _read(kind, count, images),
            "set-train/train-plain.yaml": _read(f"{plain}[cdom=GeneratorDom]", n, plain_images),
        }
        for name, (kind, count, images, plain, n, plain_images) in WANTED.items()
    }
    sets = found["split"]
    # Splits are drawn with the project's secret: which of them have samples differs.
    assert {name.split("/")[0] for name in sets} <= {"set-train", "set-val", "set-test"}
    assert all(one["failures"] == [] for one in sets.values())
    pairs = [one for one in sets.values() if one["type"].startswith("PairPreferenceSample")]
    assert sum(one["made"] for one in pairs) == 8
    assert sum(one["images"] for one in pairs) == 16


def _read(kind: str, samples: int, images: int) -> dict[str, object]:
    return {"type": kind, "samples": samples, "made": samples, "images": images, "failures": []}
