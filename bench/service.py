"""The reward service beside the bare forward pass of its network, in the same run.

JPEGs of 512×512 go to a process of its own over loopback: one a request from 32 callers at once,
as verl-omni asks, and 64 a request, as flow_grpo does. The ceiling is the network alone on tensors
that are ready. The ratio is of CPU time in turns (ADR 25): what is beyond the ceiling is reading,
decoding and resizing the images, HTTP, and the callers themselves.
"""

import base64
import contextlib
import http.client
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import torch
from PIL import Image

from bench.beside import beside, best, cpu_of
from scoring.engine import Engine
from scoring.measure import best_device
from scoring.metrics.efficientnet import WEIGHTS, network
from scoring.metrics.networks.efficientnet_lite import FEATURES
from scoring.rewards.feature_maps import FeatureMap
from scoring.rewards.head import Head
from scoring.rewards.model import BATCH, RewardModel, save
from tests.scoring.embedded import efficientnet_lite0
from tests.waiting import until

SIDE, CALLERS, OF_A_REQUEST = 512, 32, 64
TOKEN = "of this run alone"  # noqa: S105

Line = tuple[str, float, str]
Note = Callable[[str], None]


def measure(images: int, turns: int, note: Note) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        root = efficientnet_lite0(Path(folder))
        forward = bare_forward(root)
        with serving(root) as (port, cpu):
            sent = [jpeg(seed) for seed in range(OF_A_REQUEST)]
            ways = {
                1: [body_of([sent[at % len(sent)]]) for at in range(images)],
                OF_A_REQUEST: [body_of(sent)] * (images // OF_A_REQUEST),
            }
            for size, bodies in ways.items():
                note(f"service: {len(bodies)} requests of {size} images")

                def ours(bodies: list[bytes] = bodies) -> None:
                    with ThreadPoolExecutor(CALLERS) as callers:
                        list(callers.map(lambda body: ask(port, body), bodies))

                found = beside(ours, lambda: forward(images), turns=turns, cpu=cpu)
                clock = best(found.ours).clock
                name = f"service.{size}_a_request"
                yield f"{name}.requests", len(bodies) / clock, "requests/s"
                yield f"{name}.images", images / clock, "images/s"
                yield f"{name}.forward", images / best(found.ceiling).clock, "images/s"
                yield f"{name}.of_forward", found.ratio, "of_1"


@contextlib.contextmanager
def serving(root: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    """A service of one head: its port, and the CPU seconds of it and of this process so far."""
    rng = np.random.default_rng(0)
    mapped = FeatureMap(np.zeros(FEATURES), rng.normal(size=(FEATURES, 64)))
    model = RewardModel(
        f"{WEIGHTS}/clean", mapped, {"overall": Head(rng.normal(size=64), 0.0, 1.0)}
    )
    save(model, root / "heads" / "bench")
    port = free_port()
    command = [
        *(sys.executable, "-m", "scoring.service", "--port", str(port)),
        *("--heads", str(root / "heads"), "--weights", str(root)),
    ]
    process = subprocess.Popen(
        command, env={**os.environ, "REWARD_TOKEN": TOKEN}, stdout=subprocess.DEVNULL
    )

    def cpu() -> float:
        several = [process.pid, *(child.pid for child in psutil.Process(process.pid).children())]
        return time.process_time() + sum(map(cpu_of, several))

    try:
        until(lambda: answers(port), "the service answers")
        ask(port, body_of([jpeg(0)]))  # its network is built at the first image
        yield port, cpu
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        caller.request("GET", "/health")
        return caller.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        caller.close()


def ask(port: int, body: bytes) -> None:
    """As Flow-Factory's client asks. Raises AssertionError where an image has no reward."""
    caller = http.client.HTTPConnection("127.0.0.1", port)
    caller.request("POST", "/compute", body, {"Authorization": f"Bearer {TOKEN}"})
    told = json.loads(caller.getresponse().read())
    caller.close()
    assert None not in told["rewards"], told


def body_of(images: list[str]) -> bytes:
    return json.dumps({"prompt": ["a field"] * len(images), "image": images}).encode()


def jpeg(seed: int) -> str:
    """Of quality 95 with some detail, as generated images have; in base64."""
    pixels = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    image = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=95)
    return base64.b64encode(stream.getvalue()).decode()


def bare_forward(root: Path) -> Callable[[int], None]:
    """The network over so many images, batches of which are ready on its device."""
    engine = Engine(weights_root=root, device=best_device())
    bare = network(engine)
    ready = torch.zeros((BATCH, 224, 224, 3), device=engine.device).permute(0, 3, 1, 2)

    def forward(images: int) -> None:
        with torch.inference_mode():
            for _ in range(images // BATCH):
                bare(ready).cpu()

    forward(BATCH)
    return forward
