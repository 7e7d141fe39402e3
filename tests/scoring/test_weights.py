"""Weights: found whole, missing, damaged, changed; and read as numbers, never as code."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from scoring.catalog import CATALOG, unavailable
from scoring.engine import Engine, Provenance
from scoring.metrics.devices import dtype_of, prepare
from scoring.metrics.networks.checkpoints import fill, read
from scoring.reasons import Code, Reason
from scoring.weights.files import (
    REGISTRY,
    Found,
    Look,
    State,
    Unavailable,
    UnknownWeights,
    combined_sha256,
    locate,
    look,
)
from scoring.weights.hashes import note_path
from scoring.weights.published import WeightFile, Weights

DATA = b"weights of a network"
SHA256 = hashlib.sha256(DATA).hexdigest()
URL = "https://example.org/a.pth"


def one(file: WeightFile) -> dict[str, Weights]:
    return {"a": Weights("a", "A", (file,), "MIT", "https://example.org")}


def put(root: Path, data: bytes = DATA, place: str = "a/a.pth") -> Path:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_whole_weights_are_found_with_their_hash(tmp_path: Path) -> None:
    registry = one(WeightFile("a", "a.pth", URL, len(DATA), SHA256))
    path = put(tmp_path)

    assert look("a", tmp_path, registry).state is State.HERE
    assert locate("a", tmp_path, registry) == Found({"a.pth": path}, SHA256)


def test_missing_weights_say_which_file_where_and_what_fetches_it(tmp_path: Path) -> None:
    registry = one(WeightFile("a", "a.pth", URL))

    located = locate("a", tmp_path, registry)

    assert isinstance(located, Look)
    assert located.state is State.MISSING
    assert look("a", tmp_path, registry) == located
    assert located.reasons == (
        Reason(Code.WEIGHTS_MISSING, file="a/a.pth"),
        Reason(Code.WEIGHTS_FETCH, weights="a", url=URL),
    )


@pytest.mark.parametrize(
    ("file", "code", "values"),
    [
        (WeightFile("a", "a.pth", URL, 7), Code.WEIGHTS_SIZE_DIFFERS, {"n": 20, "published": 7}),
        (
            WeightFile("a", "a.pth", URL, None, "0" * 64),
            Code.WEIGHTS_HASH_DIFFERS,
            {"sha256": SHA256, "published": "0" * 64},
        ),
        (
            WeightFile("a", "a.pth", URL, sha256_prefix="deadbeef"),
            Code.WEIGHTS_HASH_PREFIX_DIFFERS,
            {"begins": SHA256[:8], "published": "deadbeef"},
        ),
    ],
)
def test_damaged_weights_are_never_used(
    tmp_path: Path, file: WeightFile, code: Code, values: dict[str, Any]
) -> None:
    registry = one(file)
    put(tmp_path)

    located = locate("a", tmp_path, registry)

    assert isinstance(located, Look)
    assert located.state is State.DAMAGED
    assert located.reasons == (
        Reason(code, file="a/a.pth", **values),
        Reason(Code.WEIGHTS_REPLACE, weights="a"),
    )
    # What was found out by hashing, a look knows from then on.
    assert look("a", tmp_path, registry).state is State.DAMAGED


def test_a_file_of_unknown_hash_is_held_to_what_was_noted_first(tmp_path: Path) -> None:
    registry = one(WeightFile("a", "a.pth", URL))
    path = put(tmp_path)
    assert isinstance(locate("a", tmp_path, registry), Found)

    path.write_bytes(b"something else entirely")
    located = locate("a", tmp_path, registry)

    assert isinstance(located, Look)
    changed = Reason(Code.WEIGHTS_CHANGED, file="a/a.pth", begins=SHA256[:12])
    assert located.reasons == (changed, Reason(Code.WEIGHTS_REPLACE, weights="a"))

    note_path(path).unlink()
    assert isinstance(locate("a", tmp_path, registry), Found)


def test_a_hash_is_computed_once_and_again_when_the_file_changes(tmp_path: Path) -> None:
    registry = one(WeightFile("a", "a.pth", URL, None, SHA256))
    path = put(tmp_path)
    before = path.stat()
    locate("a", tmp_path, registry)

    # Other bytes of the same size and time: only who reads them again could tell.
    path.write_bytes(DATA.upper())
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert isinstance(locate("a", tmp_path, registry), Found)

    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert isinstance(locate("a", tmp_path, registry), Look)


def test_a_note_that_is_no_note_is_made_anew(tmp_path: Path) -> None:
    registry = one(WeightFile("a", "a.pth", URL, None, SHA256))
    path = put(tmp_path)
    note_path(path).write_text("{")

    assert isinstance(locate("a", tmp_path, registry), Found)
    assert json.loads(note_path(path).read_text())["sha256"] == SHA256


def test_several_files_have_the_hash_of_their_sha256sum_lines() -> None:
    lines = f"{'1' * 64}  a\n{'2' * 64}  b\n"

    assert combined_sha256({"b": "2" * 64, "a": "1" * 64}) == (
        hashlib.sha256(lines.encode()).hexdigest()
    )


def test_unknown_weights_are_named_and_the_known_ones_listed(tmp_path: Path) -> None:
    with pytest.raises(UnknownWeights, match=r"no weights called 'b'; there are: a"):
        locate("b", tmp_path, one(WeightFile("a", "a.pth", URL)))


def test_the_registry_is_whole() -> None:
    for name, weights in REGISTRY.items():
        assert weights.name == name
        assert weights.licence
        assert weights.source.startswith("https://")
        assert len({file.name for file in weights.files}) == len(weights.files)
        for file in weights.files:
            assert not (file.url and file.package)
            assert file.url.startswith("https://") or file.package or weights.converted
            assert file.sha256 is None or (
                len(file.sha256) == 64 and file.sha256.startswith(file.sha256_prefix)
            )


def test_every_metric_that_needs_weights_names_some_and_lacks_them_here(tmp_path: Path) -> None:
    for metric in CATALOG.values():
        if metric.weights is None:
            assert unavailable(metric.name, tmp_path) == ()
        else:
            assert metric.weights in REGISTRY
            assert unavailable(metric.name, tmp_path)[0].code is Code.WEIGHTS_MISSING


def test_an_engine_builds_a_network_once_and_knows_what_of(tmp_path: Path) -> None:
    put(tmp_path)
    registry = one(WeightFile("a", "a.pth", URL, None, SHA256))
    engine = Engine(weights_root=tmp_path, registry=registry)
    built = []

    networks = [engine.network("a", lambda paths, _: built.append(paths) or paths) for _ in "12"]

    assert networks == [{"a.pth": tmp_path / "a/a.pth"}] * 2
    assert len(built) == 1
    assert engine.provenance("psnr") == Provenance("", "cpu", "float64")


def test_an_engine_without_weights_says_why_until_they_are_there(tmp_path: Path) -> None:
    engine = Engine(weights_root=tmp_path, registry=one(WeightFile("a", "a.pth", URL)))

    with pytest.raises(Unavailable) as refusal:
        engine.network("a", lambda paths, _: paths)
    assert refusal.value.reasons[1] == Reason(Code.WEIGHTS_FETCH, weights="a", url=URL)

    path = put(tmp_path)
    assert engine.network("a", lambda paths, _: paths) == {"a.pth": path}


def test_what_is_computed_once_is_forgotten_with_the_batch(tmp_path: Path) -> None:
    engine = Engine(weights_root=tmp_path)

    assert [engine.once("key", lambda: n) for n in (1, 2)] == [1, 1]  # noqa: B023 - at once
    engine.end_batch()
    assert engine.once("key", lambda: 3) == 3


class Trap:
    """Unpickled, it would make a file."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.made,)


def test_a_checkpoint_with_code_in_it_is_not_run(tmp_path: Path) -> None:
    made = tmp_path / "made"
    content = {"weight": torch.zeros(1), "trap": Trap(made)}
    torch.save(content, tmp_path / "trap.pth")
    torch.save(content, tmp_path / "old.pth", _use_new_zipfile_serialization=False)

    for name in ("trap.pth", "old.pth"):
        with pytest.raises(Unavailable, match=rf"weights_unreadable .*file={name}"):
            read(tmp_path / name)

    assert not made.exists()


def test_checkpoints_are_read_in_both_formats(tmp_path: Path) -> None:
    state = {"weight": torch.arange(4.0).reshape(2, 2), "bias": torch.ones(2)}
    save_file(state, tmp_path / "a.safetensors")
    torch.save({"state_dict": state, "epoch": 3}, tmp_path / "a.pth")

    for loaded in (read(tmp_path / "a.safetensors"), read(tmp_path / "a.pth", under="state_dict")):
        assert set(loaded) == {"weight", "bias"}
        assert torch.equal(loaded["weight"], state["weight"])


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(2, 2)}, tmp_path / "a.pth")

    with pytest.raises(Unavailable, match=r"(?s)weights_of_another_network .*bias.*file=a\.pth"):
        fill(nn.Linear(2, 2), read(tmp_path / "a.pth"), source="a.pth")


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(100, 100)}, tmp_path / "a.pth")
    whole = (tmp_path / "a.pth").read_bytes()
    (tmp_path / "a.pth").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Unavailable, match=r"(?s)weights_unreadable .*file=a\.pth"):
        read(tmp_path / "a.pth")


def test_an_engine_bounds_torchs_threads(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    try:
        prepare(Engine(weights_root=tmp_path, threads=1))
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_a_precision_that_is_none_is_refused(tmp_path: Path) -> None:
    assert dtype_of(Engine(weights_root=tmp_path, dtype="bfloat16")) is torch.bfloat16
    for name in ("int32", "nonsense", "nn"):
        with pytest.raises(ValueError, match=f"'{name}' is no precision"):
            dtype_of(Engine(weights_root=tmp_path, dtype=name))
