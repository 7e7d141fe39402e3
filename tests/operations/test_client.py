"""The client against a running site: pushed by a program, judged by people, pulled again."""

import asyncio
import io
import json
import runpy
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from triptych_client import (
    ApiError,
    AsyncTriptych,
    NewImage,
    NewItem,
    Triptych,
    TriptychError,
    credentials,
    moves,
)
from triptych_client.cli import main
from triptych_client.credentials import Credentials
from triptych_client.steps import run
from triptych_client.tables import files_of

from examples import whole_loop
from tests.factories import MPS
from tests.sites import ROOT, Site, embedded_environment, free_port, manage
from tests.uploads import image_bytes, pairs_zip

TIMEOUT = 120


@dataclass
class Running:
    """A site with a lead, two annotators' tokens and a project in which one answer settles."""

    url: str
    token: str
    annotator: str
    project_id: int


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    env = embedded_environment(tmp_path_factory.mktemp("site"))
    assert manage(env, "migrate", "--verbosity", "0").returncode == 0
    people = (("lead", "--lead"), ("ada",))
    for name, *more in people:
        made = manage(env, "create_user", name, *more, "--password-stdin", given="a long walk home")
        assert made.returncode == 0, made.stderr
    port = free_port()
    site = Site(env, port)
    site.wait_for("ready: ")
    lead = manage(env, "create_token", "lead").stdout.strip()
    url = f"http://127.0.0.1:{port}"
    ada = manage(env, "create_token", "ada").stdout.strip()
    yield Running(url, lead, ada, judged_by_one(url, lead, ada, "Checkpoints"))
    site.process.terminate()
    site.process.wait(TIMEOUT)


def judged_by_one(url: str, lead: str, annotator: str, name: str) -> int:
    """The id of a new project of the lead's, with this annotator in it."""
    with Triptych(url, lead) as client:
        made = client.run(_made(name))
        invited = client.run(_invited(made["id"]))
    with Triptych(url, annotator) as client:
        client.run(_joined(invited))
    project: int = made["id"]
    return project


def _made(name: str) -> moves.Moves[Any]:
    asked = {"name": name, "template": "mps", "overlap": 1, "review_rate": 0.0}
    return (yield moves.Call("POST", "/projects", json=asked)).json()


def _invited(project: int) -> moves.Moves[str]:
    asked = {"role": "annotator"}
    answer = yield moves.Call("POST", f"/projects/{project}/invitations", json=asked)
    url: str = answer.json()["url"]
    return url.rstrip("/").rpartition("/")[2]


def _joined(secret: str) -> moves.Moves[Any]:
    return (yield moves.Call("POST", f"/invitations/{secret}/accept", json={})).json()


def _judged(project: int, over: threading.Event) -> moves.Moves[None]:
    """An annotator who answers all that there is until it is over."""
    while not over.is_set():
        claimed = yield moves.Call("POST", f"/projects/{project}/claims", json={"count": 5})
        for held in claimed.json()["assignments"]:
            answers = {key: {"choice": "a"} for key in MPS}
            yield moves.Call(
                "PUT", f"/assignments/{held['id']}/annotation",
                json={"answers": answers}, headers={"Idempotency-Key": held["id"]},
            )  # fmt: skip
        yield moves.Pause(0.5)


@pytest.fixture
def project(running: Running) -> Any:
    return Triptych(running.url, running.token).project("Checkpoints")


def two(seed: int) -> list[bytes]:
    return [image_bytes(seed), image_bytes(seed + 1)]


def test_the_whole_loop_runs_and_gives_what_people_said(running: Running, tmp_path: Path) -> None:
    over = threading.Event()
    project = judged_by_one(running.url, running.token, running.annotator, "The whole loop")
    ada = Triptych(running.url, running.annotator)
    people = threading.Thread(target=lambda: ada.run(_judged(project, over)))
    people.start()

    try:
        found = whole_loop.main(running.url, running.token, project, tmp_path)
    finally:
        over.set()
        people.join()

    # Two prompts, four dimensions, all decided.
    assert found == 8


def test_the_notebook_of_the_whole_loop_plots_who_wins(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    project = judged_by_one(running.url, running.token, running.annotator, "The notebook")
    for name, value in {
        "URL": running.url, "TOKEN": running.token, "PROJECT": str(project),
        "FOLDER": str(tmp_path),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"TRIPTYCH_{name}", value)
    notebook = json.loads((ROOT / "examples/whole_loop.ipynb").read_text())
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    program = tmp_path / "whole_loop.py"
    program.write_text("\n".join("".join(cell["source"]) for cell in cells))
    ada = Triptych(running.url, running.annotator)
    people = threading.Thread(target=lambda: ada.run(_judged(project, over)))
    people.start()

    try:
        names = runpy.run_path(str(program))
    finally:
        over.set()
        people.join()

    # Three prompts, four dimensions; everybody preferred what was shown as a, whichever that was.
    assert len(names["rows"]) == 12
    bars = names["plot"].bars
    assert {name for name, _, _ in bars} == {
        f"{key}: {step}" for key in MPS for step in ("step-100", "step-200")
    }
    assert [sum(value for name, value, _ in bars if name.startswith(f"{key}:")) for key in MPS] == (
        pytest.approx([1.0] * len(MPS))
    )
    assert names["plot"]._repr_svg_().count("<rect") == len(bars)
    assert not any(cell["outputs"] for cell in cells)


def test_sent_twice_it_is_the_same_batch_and_an_item_is_taken_once(project: Any) -> None:
    pushed = [project.push(two(10), "a cat", ["one", "two"]) for _ in range(2)]
    assert pushed[0]["id"] == pushed[1]["id"]
    assert project.wait_for_batch(pushed[0], timeout=TIMEOUT)["items"] == 1

    again = [NewImage(image, name) for image, name in zip(two(10), ("one", "two"), strict=True)]
    other = [NewImage(image, "one") for image in two(20)]
    more = project.push_items([NewItem(again, "a cat"), NewItem(other, "a dog")])

    taken = project.wait_for_batch(more, timeout=TIMEOUT)
    assert taken["items"] == 1
    [problem] = taken["problems"]
    assert problem["reason"]["code"] == "item_repeated"


def test_an_upload_goes_on_where_it_broke_off(
    project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "CHUNK_BYTES", 1000)
    path = tmp_path / "pairs.zip"
    path.write_bytes(pairs_zip(3))
    steps = moves.push_path(project.id, path, name="", pairs="", step=None)
    # Three requests come through: it is announced, asked about, and one piece is sent.
    answer: Any = None
    for _ in range(3):
        call = steps.send(answer)
        answer = project.site._client.request(
            call.method, call.url, json=call.json, content=call.content, headers=call.headers
        )
    steps.close()

    sent: list[str] = []
    project.site._client.event_hooks["request"] = [
        lambda request: sent.append(request.headers.get("Upload-Offset", ""))
    ]
    batch = project.push_path(path)

    assert next(offset for offset in sent if offset) == "1000"
    assert project.wait_for_batch(batch, timeout=TIMEOUT)["state"] == "done"


def test_a_refusal_carries_the_sites_code_and_words(project: Any, running: Running) -> None:
    with pytest.raises(ApiError) as refused:
        project.push(two(30), "a cat", pairs="nonsense")
    assert refused.value.status == 400
    assert "pairs" in refused.value.fields

    with pytest.raises(ApiError) as stranger:
        Triptych(running.url, "no-token").projects()
    assert (stranger.value.status, stranger.value.code) == (401, "not_signed_in")

    with pytest.raises(TriptychError, match="0 of your projects"):
        project.site.project("No such project")


def test_a_table_without_its_package_is_refused_before_an_export_is_made(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)  # as where it is not installed
    before = len(project.site.get(f"/projects/{project.id}/exports"))

    with pytest.raises(TriptychError, match=r"pip install 'triptych-client\[datasets\]'"):
        project.pull("trl")

    assert len(project.site.get(f"/projects/{project.id}/exports")) == before


def test_a_login_without_a_token_is_told_where_one_comes_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    assert main(["login", "http://127.0.0.1:9"]) == 1
    assert "No token was given" in capsys.readouterr().err


def test_the_same_moves_with_await(running: Running) -> None:
    async def program() -> int:
        async with AsyncTriptych(running.url, running.token) as site:
            project = await site.project(running.project_id)
            batch = await project.push(two(40), "a bird", ["one", "two"])
            done = await project.wait_for_batch(batch, timeout=TIMEOUT)
            return int(done["items"])

    assert asyncio.run(program()) == 1


def test_the_command_logs_in_pushes_and_reads(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    kept = credentials.keep(Credentials(running.url, running.token))
    assert kept.stat().st_mode & 0o777 == 0o600
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "pairs.zip").write_bytes(pairs_zip(1, width=40))
    with zipfile.ZipFile(tmp_path / "pairs.zip") as archive:
        archive.extractall(folder)

    assert main(["push", str(folder), "--project", "Checkpoints"]) == 0
    assert "done" in capsys.readouterr().out
    assert main(["reports", "progress", "--project", str(running.project_id)]) == 0
    assert json.loads(capsys.readouterr().out)["computed_at"]
    assert main(["push", str(tmp_path / "none"), "--project", "Checkpoints"]) == 1
    assert "none" in capsys.readouterr().err


def test_a_broken_answer_is_asked_for_again_and_a_change_is_not() -> None:
    """A server that drops its first connections; no site is needed."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        if len(asked) == 1:
            raise httpx.ReadError("dropped", request=request)
        return httpx.Response(200, json={})

    client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://site")
    run(client, moves.get("/projects"))
    assert asked == ["GET", "GET"]

    asked.clear()
    with pytest.raises(httpx.ReadError):
        run(client, _unrepeatable())
    assert asked == ["POST"]


def _unrepeatable() -> moves.Moves[Any]:
    return (yield moves.Call("POST", "/projects/1/exports", json={}, repeatable=False)).json()


def test_a_table_in_a_splits_folder_is_of_that_split(tmp_path: Path) -> None:
    for split in ("train", "validation"):
        (tmp_path / split).mkdir()
        (tmp_path / split / "metadata.parquet").touch()

    assert files_of(tmp_path, "train") == [tmp_path / "train" / "metadata.parquet"]
    assert len(files_of(tmp_path, "all")) == 2
