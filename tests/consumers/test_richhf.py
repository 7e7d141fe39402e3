"""RichHF's records before TensorFlow itself."""

from pathlib import Path

from annotator.projects.models import Project
from tests import consumers
from tests.rooms.exported import batch, made
from tests.rooms.test_exports_richhf import judged_image, project  # noqa: F401  (a fixture)


def test_tensorflow_would_have_written_the_same_bytes(
    project: Project,  # noqa: F811
    tmp_path: Path,
) -> None:
    in_batch = batch(project)
    for number in range(3):
        judged_image(project, in_batch, str(number), f"two red cats on a mat {number}")
    disks = made(project, "richhf", tmp_path / "disks", split="100/0/0")
    soft = made(project, "richhf", tmp_path / "soft", split="0/0/100", kind="gaussian", size=256)
    paths = [disks / "train.tfrecord", disks / "dev.tfrecord", soft / "test.tfrecord"]

    found = consumers.ask("tensorflow_reader", *paths)

    assert [found[str(path)]["identical"] for path in paths] == [True, True, True]
    assert [len(found[str(path)]["records"]) for path in paths] == [3, 0, 3]
    record = found[str(paths[0])]["records"][0]
    assert record["prompt_misalignment_label"]["values"][0]["text"] == "1 0 1 1 1 1 1"
    image = record["artifact_map"]["values"][0]["image"]
    assert (image["shape"], image["min"], image["max"]) == ([512, 512, 1], 0, 85)
