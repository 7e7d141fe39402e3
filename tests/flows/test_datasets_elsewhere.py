"""Datasets by their address: in a bucket, in a folder that is a source, on a hub; or refused."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from huggingface_hub import constants

from annotator.core.reasons import Code
from annotator.ingest.models import RecognisedDataset
from annotator.ingest.selectors import problems_of
from annotator.items.models import Image, Item
from annotator.projects.models import Batch, BatchState, Project
from annotator.workers.ingest import ingest_batch
from tests import factories, judged, published
from tests.buckets import BUCKET, KEYS, REGION, BucketServer
from tests.drivers import signed_in
from tests.hubs import Hub
from tests.promises import broken
from tests.sites import free_port
from tests.uploads import image_bytes, zipped

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    made = factories.project("custom")
    judged.question(made, "overall", "preference")
    return made


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    server = BucketServer(tmp_path_factory.mktemp("bucket"))
    yield server
    server.end()


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests tell the hub's client to stay at home."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


def is_at(settings: Any, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """The site may read below sets/ of the bucket."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    settings.S3_ENDPOINT_URL, settings.S3_REGION = address, REGION
    settings.IMAGE_SOURCES = f"lake=s3://{BUCKET}/sets"


def put(bucket: BucketServer, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        bucket.client().put_object(Bucket=BUCKET, Key=name, Body=data)


def taken(project: Project, address: str) -> Batch:
    call_command("import_batch", str(project.pk), address)
    return Batch.objects.get(project=project, filename=address)


EDITS = {
    "EditReward.json": json.dumps([
        {"prompt": f"night {n}", "path_src": "img/0.png", "path1": f"img/{n}.png",
         "path2": "img/3.png", "model1_overall_score": 4, "model2_overall_score": 2}
        for n in (1, 2)
    ]).encode(),
    **{f"img/{n}.png": image_bytes(n) for n in range(4)},
}  # fmt: skip


def layout_of(batch: Batch) -> tuple[str, int, int]:
    found = RecognisedDataset.objects.get(batch=batch)
    return found.layout, found.rows, found.votes


@pytest.mark.parametrize("address", [f"s3://{BUCKET}/sets/edits", "lake://edits/"])
def test_a_dataset_in_a_bucket_is_taken_by_its_address(
    project: Project, bucket: BucketServer, settings: Any, monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:  # fmt: skip
    is_at(settings, monkeypatch, bucket.at)
    put(bucket, {f"sets/edits/{name}": data for name, data in EDITS.items()})

    batch = taken(project, address)

    assert layout_of(batch) == ("editreward", 2, 2)
    prompts = {item.prompt for item in Item.objects.filter(batch=batch)}
    assert prompts == {"night 1", "night 2"}
    assert not problems_of(batch).exists()
    assert not broken()


def test_a_zip_in_a_bucket_is_read_in_place(
    project: Project, bucket: BucketServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at(settings, monkeypatch, bucket.at)
    put(bucket, {"sets/edits.zip": zipped(EDITS), "sets/zips/cut.zip": zipped(EDITS)[:-30]})

    batch = taken(project, "lake://edits.zip")

    assert layout_of(batch) == ("editreward", 2, 2)
    assert Image.objects.filter(batch=batch).count() == 6
    assert not problems_of(batch).exists()
    with pytest.raises(CommandError, match="no zip that can be read"):
        taken(project, "lake://zips/cut.zip")


def test_one_file_of_parquet_is_read_in_place(
    project: Project, bucket: BucketServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at(settings, monkeypatch, bucket.at)
    put(bucket, {"sets/pick/a.parquet": published.pickapic(3), "sets/pick/b.parquet": b"other"})

    batch = taken(project, f"s3://{BUCKET}/sets/pick/a.parquet")

    assert layout_of(batch) == ("pickapic", 3, 3)
    assert Image.objects.filter(batch=batch).count() == 6


def test_a_manifest_in_a_folder_that_is_a_source_is_taken(
    project: Project, settings: Any, tmp_path: Path
) -> None:
    rows = [{"prompt": "p", "images": [{"file": "0.png"}, {"file": "1.png"}]}]
    manifest = {"manifest.jsonl": json.dumps(rows[0]) + "\n"}
    images = {f"{n}.png": image_bytes(n) for n in range(2)}
    published.write(tmp_path / "disk/cats", {**manifest, **images})
    settings.IMAGE_SOURCES = f"disk={tmp_path / 'disk'}"

    assert Item.objects.filter(batch=taken(project, "disk://cats")).count() == 1

    (tmp_path / "disk/out").symlink_to(tmp_path)
    with pytest.raises(CommandError, match="leads out"):
        taken(project, "disk://out/elsewhere")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"s3://{BUCKET}/private", "lies outside of"),
        ("lake://../other", "stand names alone"),
        ("lake://absent.zip", "There is no"),
        ("lake://nothing", "There is no"),
        ("hf://datasets/owner/edits", "HUB_DATASETS"),
    ],
)
def test_what_lies_at_no_source_is_refused(
    project: Project, bucket: BucketServer, settings: Any, monkeypatch: pytest.MonkeyPatch,
    address: str, words: str,
) -> None:  # fmt: skip
    is_at(settings, monkeypatch, bucket.at)

    with pytest.raises(CommandError, match=words):
        taken(project, address)

    assert not Item.objects.filter(project=project).exists()


@pytest.mark.usefixtures("online")
@pytest.mark.parametrize("address", [
    "hf://datasets/owner/edits", "hf://datasets/owner/edits@main/v1",
    "hf://datasets/owner/edits/v1/EditReward.json",
])  # fmt: skip
def test_a_dataset_of_a_hub_is_taken_with_the_sites_token(
    project: Project, settings: Any, address: str
) -> None:
    settings.HUB_DATASETS, settings.HUB_TOKEN = True, "hf_secret"
    files = {f"v1/{name}": data for name, data in EDITS.items()}
    with Hub({"owner/edits": files}, token="hf_secret") as hub:
        settings.HUB_ENDPOINT = hub.url
        batch = taken(project, address)

    assert layout_of(batch) == ("editreward", 2, 2)
    sources = {image.source_name for image in Image.objects.filter(batch=batch)}
    assert {name.rpartition("/")[2] for name in sources} == {"0.png", "1.png", "2.png", "3.png"}
    assert any("/resolve/main/v1/EditReward.json" in asked for asked in hub.asked)


@pytest.mark.usefixtures("online")
def test_a_hub_that_does_not_show_a_dataset_ends_it_in_words(
    project: Project, settings: Any
) -> None:
    settings.HUB_DATASETS = True
    with Hub({"owner/edits": EDITS}, token="hf_secret") as hub:
        settings.HUB_ENDPOINT = hub.url
        with pytest.raises(CommandError, match="no dataset owner/edits"):
            taken(project, "hf://datasets/owner/edits")


@pytest.mark.usefixtures("online")
def test_a_worker_waits_for_a_source_that_is_away_and_goes_on(
    project: Project, bucket: BucketServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at(settings, monkeypatch, f"http://127.0.0.1:{free_port()}")
    put(bucket, {f"sets/edits/{name}": data for name, data in EDITS.items()})
    batch = Batch.objects.create(
        project=project, filename="lake://edits", name="edits", state=BatchState.REQUESTED,
        created_by=project.created_by, size=0,
    )  # fmt: skip

    ingest_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.reason and batch.reason.code) == (
        BatchState.REQUESTED, Code.SOURCE_AWAY,
    )  # fmt: skip

    is_at(settings, monkeypatch, bucket.at)
    ingest_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert Item.objects.filter(batch=batch).count() == 2


def test_a_folder_that_is_not_mounted_yet_is_waited_for(
    project: Project, settings: Any, tmp_path: Path
) -> None:
    settings.IMAGE_SOURCES = f"disk={tmp_path / 'disk'}"
    batch = Batch.objects.create(
        project=project, filename="disk://edits", name="edits", state=BatchState.REQUESTED,
        created_by=project.created_by, size=0,
    )  # fmt: skip

    ingest_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.reason is not None
    assert (batch.state, batch.reason.code) == (BatchState.REQUESTED, Code.SOURCE_NOT_HERE)

    published.write(tmp_path / "disk/edits", EDITS)
    ingest_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (BatchState.DONE, None)


def test_a_manager_asks_for_an_address_and_a_worker_takes_it(
    project: Project, bucket: BucketServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_at(settings, monkeypatch, bucket.at)
    put(bucket, {f"sets/edits/{name}": data for name, data in EDITS.items()})
    manager = signed_in(factories.member(project, "manager"))
    url = f"/api/v1/projects/{project.pk}/batches/elsewhere"

    def post(address: str, key: str = "key-of-edits") -> Any:
        headers = {"Idempotency-Key": key}
        return manager.post(url, {"address": address}, format="json", headers=headers)

    first, again = post("lake://edits"), post("lake://edits")
    assert (first.status_code, first.json()["name"]) == (201, "edits")
    assert again.json()["id"] == first.json()["id"]
    assert post("lake://other").json()["code"] == "key_reused"
    for address, code in {
        "hf://datasets/a/b": Code.HUB_IS_OFF, "other://edits": Code.SOURCE_UNKNOWN,
        "/etc": Code.NAME_IS_ADDRESS,
    }.items():  # fmt: skip
        refused = post(address, "another-key")
        assert (refused.status_code, refused.json()["fields"]["address"]["code"]) == (400, code)

    ingest_batch(first.json()["id"])

    batch = Batch.objects.get(project=project)
    assert (batch.state, Item.objects.filter(batch=batch).count()) == (BatchState.DONE, 2)
