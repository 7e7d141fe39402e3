"""`manage.py serve` as a new user runs it: nothing set, SQLite, a broker made of files."""

import contextlib
import http.client
import json
import os
import signal
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from annotator.ops.management.commands.rewards import service_options
from annotator.ops.management.commands.serve import duties
from scoring.service.__main__ import parser
from tests.sites import Site, embedded_environment, free_port, manage
from tests.waiting import HANG_SECONDS, until


def descendants_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def still_alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that run; a zombie is only waiting to be forgotten."""
    alive = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
    return alive


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    env = embedded_environment(tmp_path_factory.mktemp("site"))
    done = manage(env, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return env


@pytest.fixture
def site(migrated: dict[str, str]) -> Iterator[Site]:
    running = Site(migrated, free_port())
    running.wait_for(r"^serve  \| ready: ")
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGTERM)


def test_a_site_outlives_a_killed_worker_and_ends_whole_at_one_signal(site: Site) -> None:
    assert f"http://127.0.0.1:{site.port} " in site.wait_for("ready: ")
    caller = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANG_SECONDS)
    caller.request("GET", "/health/live")
    assert caller.getresponse().status == 200
    caller.close()

    os.kill(site.one_child("worker@"), signal.SIGKILL)
    site.wait_for(r"^serve  \| worker was killed by SIGKILL; starting it again in 1 s")
    until(lambda: site.children("worker@"), "the worker is back")
    before = descendants_of(site.process.pid)
    code = site.end(signal.SIGINT)

    assert code == 0
    assert len(before) >= 4
    until(lambda: not still_alive(before), "nobody is left")


def test_a_site_says_ready_when_it_is_and_not_yet_is_no_error(migrated: dict[str, str]) -> None:
    manage(migrated, "shell", "-c", "from annotator.ops.models import Heartbeat as H; "
           "H.objects.all().delete()")  # fmt: skip
    site = Site(migrated, free_port())

    site.wait_for(r"^serve  \| ready: ")
    caller = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANG_SECONDS)
    caller.request("GET", "/health/ready")
    checks = json.loads(caller.getresponse().read())["checks"]
    caller.close()
    site.end(signal.SIGTERM)

    assert {check["name"]: check["code"] for check in checks if not check["ok"]} == {}
    assert [line for line in site.lines if "ERROR" in line] == []


def test_the_web_process_and_the_beat_are_started_again_when_they_die(site: Site) -> None:
    os.kill(site.one_child("gunicorn"), signal.SIGKILL)
    os.kill(site.one_child("manage.py beat"), signal.SIGKILL)
    site.wait_for(r"^serve  \| web was killed by SIGKILL; starting it again in 1 s")
    site.wait_for(r"^serve  \| beat was killed by SIGKILL; starting it again in 1 s")

    until(lambda: site.children("manage.py beat"), "the beat is back")
    until(lambda: is_live(site), "the site answers again")


def is_live(site: Site) -> bool:
    caller = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANG_SECONDS)
    try:
        caller.request("GET", "/health/live")
        return caller.getresponse().status == 200
    except OSError:
        return False
    finally:
        caller.close()


def test_a_worker_that_hangs_is_ended_and_started_again(site: Site) -> None:
    hanging = site.one_child("worker@")
    os.kill(hanging, signal.SIGSTOP)

    site.wait_for(r"^serve  \| worker has been silent for \d+ s")
    until(lambda: site.children("worker@") not in ([], [hanging]), "another worker is there")


def test_the_reward_service_runs_where_it_has_a_token(settings: Any) -> None:
    others = [duty.name for duty in duties("127.0.0.1", 8000)]
    settings.REWARD_TOKEN = "of a training run"

    assert [duty.name for duty in duties("127.0.0.1", 8000)] == [*others, "rewards"]


def test_the_reward_service_takes_the_sites_settings(settings: Any) -> None:
    settings.MEASURE_DEVICE, settings.REWARD_MAX_IMAGES = "cuda:1", 7

    told = parser().parse_args(list(service_options()))

    assert (told.device, told.max_images, told.port) == ("cuda:1", 7, settings.REWARD_PORT)
    assert (told.heads, told.weights) == (settings.REWARD_HEADS_ROOT, settings.WEIGHTS_ROOT)
    assert (told.image_max_side, told.image_max_pixels, told.image_max_bytes) == (
        settings.IMAGE_MAX_SIDE, settings.IMAGE_MAX_PIXELS, settings.IMAGE_MAX_BYTES,
    )  # fmt: skip
    assert told.max_bytes == parser().get_default("max_bytes")


def test_serve_refuses_an_empty_database_in_words(tmp_path: Path) -> None:
    done = manage(embedded_environment(tmp_path), "serve", "--port", str(free_port()))

    assert done.returncode == 1
    assert "Run `python manage.py migrate` first." in done.stderr


def test_serve_refuses_a_taken_port_in_words(migrated: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage(migrated, "serve", "--port", str(port))

    assert done.returncode == 1
    assert f"Can't listen on 127.0.0.1:{port}: Address already in use." in done.stderr
    assert "--port" in done.stderr
