"""The moves: push, wait, measure, pull, read a report; each a generator of calls (steps.py)."""

import hashlib
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from triptych_client.bars import bar
from triptych_client.errors import ApiError, BatchFailed, ExportFailed, TooLate, TriptychError
from triptych_client.items import KINDS, NewItem, digest_of, write_zip, zip_folder
from triptych_client.steps import Call, Moves, Pause

CHUNK_BYTES = 8 * 1024**2
IN_MEMORY_BYTES = 32 * 1024**2
LOOK_SECONDS = 1.0
LOOK_SELDOM_SECONDS = 15.0

Json = dict[str, Any]

# Uploads that bring no more items; one that nobody goes on with brings none either.
OVER = {"done", "failed", "uploading", "deleting"}


def get(path: str, **params: str) -> Moves[Any]:
    """What the site answers to a GET."""
    given = {name: value for name, value in params.items() if value}
    return (yield Call("GET", path, params=given)).json()


def find_project(named: int | str) -> Moves[Json]:
    """A project by its number or its name."""
    if isinstance(named, int):
        project: Json = yield from get(f"/projects/{named}")
        return project
    projects: list[Json] = yield from get("/projects")
    found = [project for project in projects if project["name"] == named]
    if len(found) != 1:
        raise TriptychError(f"{len(found)} of your projects are called {named!r}.")
    return found[0]


def push(
    project_id: int, items: Sequence[NewItem], *, name: str, pairs: str, step: int | None
) -> Moves[Json]:
    """Uploads items as a batch."""
    if not items:
        raise ValueError("There is nothing to push.")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as stream:
        write_zip(items, stream, single=bool(pairs))
        return (
            yield from upload(project_id, stream, "push.zip", name=name, pairs=pairs, step=step)
        )


def push_path(
    project_id: int, path: Path, *, name: str, pairs: str, step: int | None
) -> Moves[Json]:
    """Uploads a folder with a manifest, a zip of one, or a manifest by itself."""
    if path.is_dir():
        with tempfile.TemporaryFile() as stream:
            zip_folder(path, stream)
            filename = f"{path.resolve().name}.zip"
            return (
                yield from upload(project_id, stream, filename, name=name, pairs=pairs, step=step)
            )
    if path.suffix.lower() not in KINDS:
        raise ValueError(f"{path} is no folder, and ends in none of {', '.join(KINDS)}.")
    with path.open("rb") as stream:
        return (yield from upload(project_id, stream, path.name, name=name, pairs=pairs, step=step))


def upload(
    project_id: int, stream: IO[bytes], filename: str, *, name: str, pairs: str, step: int | None
) -> Moves[Json]:
    """Sends the bytes piece by piece; what has come before is not sent again."""
    terms = pairs if step is None else f"{pairs} {step}"
    key = key_of(digest_of(stream), filename, terms)
    size = stream.seek(0, 2)
    announced = {"name": name, "filename": filename, "size": size, "pairs": pairs or None}
    if step is not None:
        announced["step"] = step
    batch = yield from _announce(project_id, announced, key)
    if batch["state"] == "failed":
        # Of the first time; what was wrong may have been put right since.
        again = key_of(key, f"after {batch['id']}", "")
        batch = yield from _announce(project_id, announced, again)
    path = f"/batches/{batch['id']}/upload"
    offset: int = (yield Call("GET", path)).json()["offset"]
    with bar(f"push {filename}", size, done=offset) as shown:
        while offset < size:
            stream.seek(offset)
            piece = stream.read(CHUNK_BYTES)
            offset = yield from _send(path, offset, piece)
            shown.set(offset)
    sent: Json = yield from get(f"/batches/{batch['id']}")
    return sent


def key_of(*parts: str) -> str:
    """The idempotency key of what is sent."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _announce(project_id: int, announced: Json, key: str) -> Moves[Json]:
    batch: Json = (
        yield Call(
            "POST", f"/projects/{project_id}/batches", json=announced,
            headers={"Idempotency-Key": key},
        )
    ).json()  # fmt: skip
    return batch


def _send(path: str, offset: int, piece: bytes) -> Moves[int]:
    """Where to go on after one piece, whether it came now, before, or in part."""
    headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
    try:
        response = yield Call("PATCH", path, content=piece, headers=headers)
    except ApiError as refused:
        if refused.code != "offset_mismatch":
            raise
        response = yield Call("GET", path)
    at: int = response.json()["offset"]
    return at


def wait_for_batch(batch_id: int, *, timeout: float | None = None) -> Moves[Json]:
    """Until an upload is taken in; BatchFailed where it can't be."""
    end = _end(timeout)
    while True:
        batch: Json = yield from get(f"/batches/{batch_id}")
        if batch["state"] == "failed":
            raise BatchFailed(batch["error"])
        if batch["state"] == "done":
            return batch
        _refuse_if_late(end)
        yield Pause(LOOK_SECONDS)


def wait_for_people(project_id: int, *, timeout: float | None = None) -> Moves[Json]:
    """Until every upload of a project is taken in, and every item settled."""
    end = _end(timeout)
    with bar("settled", 0) as shown:
        while True:
            batches: list[Json] = yield from get(f"/projects/{project_id}/batches")
            taken = all(batch["state"] in OVER for batch in batches)
            project: Json = yield from get(f"/projects/{project_id}")
            shown.set(project["settled"], total=project["items"])
            if taken and project["items"] and project["settled"] >= project["items"]:
                return project
            _refuse_if_late(end)
            yield Pause(LOOK_SELDOM_SECONDS if timeout is None else LOOK_SECONDS)


def measure(project_id: int, metrics: Sequence[str]) -> Moves[int]:
    """Of how many images something new is asked."""
    asked = Call("POST", f"/projects/{project_id}/measurements", json={"metrics": list(metrics)})
    images: int = (yield asked).json()["images"]
    return images


def report(project_id: int, name: str, **params: str) -> Moves[Json]:
    """A report, once a worker has computed it."""
    given = {key: value for key, value in params.items() if value}
    while True:
        response = yield Call("GET", f"/projects/{project_id}/reports/{name}", params=given)
        if response.status_code != 202:
            found: Json = response.json()
            return found
        yield Pause(float(response.headers.get("Retry-After", LOOK_SECONDS)))


def pull(project_id: int, form: str, options: Mapping[str, Any], folder: Path) -> Moves[Path]:
    """Has an export made, downloads it, and unpacks it below `folder`; where it lies."""
    asked = {"format": form, "options": dict(options)}
    headers = {"Idempotency-Key": uuid4().hex}
    call = Call("POST", f"/projects/{project_id}/exports", json=asked, headers=headers)
    export: Json = (yield call).json()
    with bar(f"export {form}", 0) as shown:
        while export["state"] not in {"done", "failed"}:
            yield Pause(LOOK_SECONDS)
            export = yield from get(f"/exports/{export['id']}")
            shown.set(export["progress"]["done"], total=export["progress"]["total"])
    if export["state"] == "failed":
        raise ExportFailed(export["error"])
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{form}-{export['id']}.zip"
    with bar(f"pull {form}", export["archive_bytes"]) as shown:
        yield Call(
            "GET", f"/exports/{export['id']}/archive", save_to=archive, on_bytes=shown.advance
        )
    return _unpacked(archive, folder / f"{form}-{export['id']}")


def _unpacked(archive: Path, to: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(to)
    archive.unlink()
    inside = list(to.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else to


def _end(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _refuse_if_late(end: float | None) -> None:
    if end is not None and time.monotonic() > end:
        raise TooLate("It has not come in the time that was given.")
