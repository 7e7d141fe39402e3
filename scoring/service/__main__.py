"""`REWARD_TOKEN=… python -m scoring.service --heads HEADS --weights WEIGHTS`: the service, alone.

One process, for networks are loaded once; `manage.py rewards` starts it with the site's settings.
"""

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from scoring.engine import Engine
from scoring.measure import best_device
from scoring.service.batching import Batcher
from scoring.service.decoding import Limits
from scoring.service.rewards import Rewards
from scoring.service.service import Service
from scoring.service.web import App

# As a site's workers do: torch's threads sleep while they wait for one another.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

THREADS = 32
# Between two looks for new heads.
LOOK_SECONDS = 5.0


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process of many threads, which makes the networks where it uses them."""

    def __init__(self, options: argparse.Namespace, token: str) -> None:
        self.options, self.token = options, token
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        settings: dict[str, Any] = {
            "bind": f"{host}:{self.options.port}",
            "worker_class": "gthread",
            "threads": THREADS,
            # Hashing weights for the first time takes as long as it takes.
            "timeout": 0,
            "graceful_timeout": 4,
            "keepalive": 75,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "rewards",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> App:
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
        return App(service_of(self.options), self.token)


def service_of(options: argparse.Namespace) -> Service:
    """The service that these options describe, its networks not loaded yet."""
    engine = Engine(
        weights_root=options.weights,
        device=options.device or best_device(),
        dtype=options.dtype,
        threads=options.threads,
    )
    rewards = Rewards(engine, options.heads)
    names = ", ".join(rewards.listed) or "none: no head, and no metric's weights"
    logging.getLogger(__name__).info("rewards on %s: %s", engine.device, names)
    limits = Limits(
        body_bytes=options.max_bytes,
        images=options.max_images,
        seconds=options.max_seconds,
        image_bytes=options.image_max_bytes,
        side=options.image_max_side,
        pixels=options.image_max_pixels,
    )
    threading.Thread(target=_look, args=(rewards,), daemon=True, name="look").start()
    return Service(rewards, Batcher(rewards.scored), limits)


def _look(rewards: Rewards) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        try:
            rewards.look()
        except Exception:
            logging.getLogger(__name__).exception("The folder of heads could not be looked at.")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m scoring.service", description="Serves heads and metrics to training runs."
    )
    found.add_argument("--host", default="127.0.0.1")
    found.add_argument("--port", type=int, default=8100)
    found.add_argument(
        "--heads", type=Path, default=Path("heads"),
        help="where folders lie that `python -m scoring train --out` wrote, or their zips",
    )  # fmt: skip
    found.add_argument("--weights", type=Path, default=Path("weights"), help="of the networks")
    found.add_argument("--device", help="cpu or cuda:0; the best there is")
    found.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    found.add_argument("--threads", type=int, help="torch's; as many as there are cores")
    found.add_argument("--max-bytes", type=int, default=128 * 1024**2, help="of a body")
    found.add_argument("--max-images", type=int, default=256, help="of a request")
    found.add_argument("--max-seconds", type=float, default=50, help="an image may wait so long")
    found.add_argument("--image-max-bytes", type=int, default=50 * 1024**2)
    found.add_argument("--image-max-side", type=int, default=8192)
    found.add_argument("--image-max-pixels", type=int, default=40_000_000)
    return found


def main(arguments: Sequence[str]) -> int:
    """Serves until it is ended; 2 without a token."""
    options = parser().parse_args(arguments)
    token = os.environ.get("REWARD_TOKEN", "")
    if not token:
        sys.stderr.write("REWARD_TOKEN is not set: the service answers nobody without one.\n")
        return 2
    Server(options, token).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
