"""Buckets for tests: one that nobody answers for, and a server that speaks S3."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import boto3

from tests.sites import free_port
from tests.waiting import HANG_SECONDS, until

KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
BUCKET, REGION = "triptych", "eu-central-1"


def bucket_that_is_away() -> dict[str, Any]:
    """A storage of a bucket behind a port where nothing listens."""
    options = {
        "bucket_name": BUCKET, "endpoint_url": f"http://127.0.0.1:{free_port()}",
        "region_name": REGION, "access_key": "a", "secret_key": "b",
    }  # fmt: skip
    return {"BACKEND": "annotator.core.bucket.BucketStorage", "OPTIONS": options}


class BucketServer:
    """moto's server as a process of its own, with one bucket."""

    def __init__(self, folder: Path) -> None:
        self.at = f"http://127.0.0.1:{free_port()}"
        folder.mkdir(parents=True, exist_ok=True)
        port = self.at.rpartition(":")[2]
        with (folder / "bucket.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port],
                env={**os.environ, **KEYS}, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until(self._answers, "the bucket's server answers")
        self.client().create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def client(self) -> Any:
        """What asks it without the site."""
        return boto3.client(
            "s3", endpoint_url=self.at, region_name=REGION,
            aws_access_key_id="a", aws_secret_access_key="b",
        )  # fmt: skip

    def names(self, below: str = "") -> list[str]:
        """Every object below a name."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=below)
        return sorted(one["Key"] for page in pages for one in page.get("Contents", ()))

    @property
    def env(self) -> Mapping[str, str]:
        """What a site is told of it."""
        return {**KEYS, "S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": self.at, "S3_REGION": REGION}

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(HANG_SECONDS)

    def _answers(self) -> bool:
        caller = HTTPConnection(self.at.removeprefix("http://"), timeout=HANG_SECONDS)
        try:
            caller.request("GET", "/moto-api/")
            return caller.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            caller.close()
