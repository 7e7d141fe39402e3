"""`python manage.py rewards`: the reward service with the site's settings.

It becomes that program, which knows neither Django nor the database.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from annotator.core.commands import SiteCommand


class Command(SiteCommand):
    help = "Serves heads and metrics to training runs; REWARD_TOKEN is what they send."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for the whole network")

    def handle(self, *args: Any, host: str, **options: Any) -> None:
        os.chdir(settings.BASE_DIR)
        # .env may be where it stands; the settings have read that.
        os.environ["REWARD_TOKEN"] = settings.REWARD_TOKEN
        command = [sys.executable, "-m", "scoring.service", "--host", host, *service_options()]
        os.execv(sys.executable, command)  # noqa: S606


def service_options() -> Iterator[str]:
    """The site's settings as options of `python -m scoring.service`."""
    device = settings.MEASURE_DEVICE
    told = {
        "port": settings.REWARD_PORT,
        "heads": settings.REWARD_HEADS_ROOT,
        "weights": settings.WEIGHTS_ROOT,
        "device": None if device == "auto" else device,
        "threads": settings.MEASURE_THREADS or None,
        "max-bytes": settings.REWARD_MAX_BYTES,
        "max-images": settings.REWARD_MAX_IMAGES,
        "max-seconds": settings.REWARD_MAX_SECONDS,
        "image-max-bytes": settings.IMAGE_MAX_BYTES,
        "image-max-side": settings.IMAGE_MAX_SIDE,
        "image-max-pixels": settings.IMAGE_MAX_PIXELS,
    }
    for name, value in told.items():
        if value is not None:
            yield from (f"--{name}", str(value))
