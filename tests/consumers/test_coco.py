"""The `coco` export, opened by pycocotools."""

from pathlib import Path

import pytest
from pycocotools.coco import COCO

from tests.rooms.exported import made, region_project


# pycocotools' own array knows nothing of NumPy 2's `copy`.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_pycocotools_reads_masks_boxes_and_the_tree(tmp_path: Path) -> None:
    folder = made(region_project(), "coco", tmp_path / "coco")

    coco = COCO(str(folder / "annotations.json"))

    assert [one["name"] for one in coco.loadCats(coco.getCatIds(supNms=["body"]))] == ["hands"]
    (image,) = coco.loadImgs(coco.getImgIds())
    assert (folder / image["file_name"]).is_file()
    drawn = coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]]))
    for one in drawn:
        mask = coco.annToMask(one)
        assert mask.shape == (image["height"], image["width"])
        assert int(mask.sum()) == one["area"]
        x, y, width, height = one["bbox"]
        # Every region here is a box.
        assert mask[y : y + height, x : x + width].all()
    # The half of each that both drew.
    (both,) = (one for one in drawn if one["layer"] == 2)
    assert coco.annToMask(both)[:8, 8:16].all()
    assert both["area"] == 64
