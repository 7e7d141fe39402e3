"""A whole site (web, worker, PostgreSQL, Redis) as processes of its own, and a real Chromium.

They end with this package's last test: where Playwright runs, Django refuses its database.
"""

import json
import os
import signal
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from servers.postgres import own_database

from demo.dataset import GENERATORS, lay_out
from tests.browser.people import Site as SiteAddress
from tests.buckets import BUCKET, KEYS, REGION, BucketServer
from tests.commands import Commands
from tests.sites import Site, embedded_environment, free_port

PASSWORD = "a horse of the browser"

# No sandbox where we are root; no calls home in a closed network.
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; the run fails where there is none."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("TRIPTYCH_CHROMIUM", "/usr/bin/chromium"), args=CHROMIUM
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def fresh_database() -> Iterator[str]:
    """An empty PostgreSQL database of the site's own."""
    with own_database(os.environ["DATABASE_URL"], "triptych_site") as url:
        yield url


@pytest.fixture(scope="package")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the site may read images from, as the source `lake`; empty: not mounted."""
    return tmp_path_factory.mktemp("lake")


@pytest.fixture(scope="package")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    """A bucket, of which the site may read what is below sets/, as the source `shop`."""
    server = BucketServer(tmp_path_factory.mktemp("bucket"))
    yield server
    server.end()


@pytest.fixture(scope="package")
def site(
    fresh_database: str, lake: Path, bucket: BucketServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SiteAddress]:
    """The site as `make serve` starts it, on PostgreSQL and Redis, with one lead: "lead"."""
    env = {
        **embedded_environment(tmp_path_factory.mktemp("site")),
        "DATABASE_URL": fresh_database,
        "REDIS_URL": os.environ["REDIS_URL"],
        "REDIS_PREFIX": f"site-{uuid.uuid4().hex}-",
        "SECRET_KEY": uuid.uuid4().hex * 2,
        "ALLOWED_HOSTS": "127.0.0.1",
        "IMAGE_SOURCES": f"lake={lake},shop=s3://{BUCKET}/sets",
        "S3_ENDPOINT_URL": bucket.at,
        "S3_REGION": REGION,
        **KEYS,
        "ENQUEUE_AGAIN_SECONDS": "5",
        # Receivers of messages are this machine's.
        "WEBHOOK_PRIVATE_ADDRESSES": "true",
    }
    port = free_port()
    site = SiteAddress(f"http://127.0.0.1:{port}", PASSWORD, Commands(env))
    site.manage("migrate", "--verbosity", "0")
    site.manage("create_user", "lead", "--lead", "--password-stdin", given=PASSWORD)
    running = Site(env, port)
    try:
        running.wait_for(r"^serve  \| ready: ")
        yield site
    finally:
        running.end(signal.SIGTERM)
        site.commands.end()


@pytest.fixture(scope="package")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five pairs of the best and the worst generator."""
    folder = tmp_path_factory.mktemp("images")
    lay_out(folder, prompts=5, form="pairs", generators=[GENERATORS[0], GENERATORS[-1]])
    return folder


def zipped(folder: Path, into: Path, rows: list[dict[str, object]], **extra: bytes) -> Path:
    """A zip of the folder's images with a manifest of these rows, and files that are none."""
    with zipfile.ZipFile(into, "w") as archive:
        for image in sorted(folder.rglob("*.webp")):
            archive.write(image, image.relative_to(folder))
        for name, content in extra.items():
            archive.writestr(f"{name}.png", content)
        archive.writestr("manifest.jsonl", "\n".join(json.dumps(row) for row in rows))
    return into


@pytest.fixture(scope="package")
def pairs_zip(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five good pairs and a sixth whose second image is no image."""
    rows = [json.loads(line) for line in (images / "manifest.jsonl").read_text().splitlines()]
    broken = {
        "prompt": "a cube that nobody can see",
        "images": [rows[0]["images"][0], {"file": "broken.png", "generator": "nobody"}],
    }
    into = tmp_path_factory.mktemp("zips") / "pairs.zip"
    return zipped(images, into, [*rows, broken], broken=b"this is no image")


@pytest.fixture(scope="package")
def singles_zip(images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five single images of the worst generator."""
    rows = [json.loads(line) for line in (images / "manifest.jsonl").read_text().splitlines()]
    worst = GENERATORS[-1]
    singles: list[dict[str, object]] = [
        {**next(image for image in row["images"] if image["generator"] == worst),
         "prompt": row["prompt"]}
        for row in rows
    ]  # fmt: skip
    return zipped(images, tmp_path_factory.mktemp("zips") / "singles.zip", singles)
