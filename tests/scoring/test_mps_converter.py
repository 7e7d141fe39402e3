"""MPS's pickle: refused without a word of trust, read without running it, written as numbers."""

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from scoring.metrics.networks.clip_checkpoints import LAION_H14
from scoring.weights.convert_mps import main, read_pickle
from scoring.weights.files import Unavailable
from tests.scoring.test_mps import cross_model
from tests.scoring.tiny_networks import hugging_face

Saved = dict[str, Tensor]


def nested(state: Saved, make: type[nn.Module]) -> nn.Module:
    """A module that has these tensors by these names, made of nothing but one class."""
    root = make()
    for name, value in state.items():
        *path, last = name.split(".")
        module = root
        for step in path:
            if step not in module._modules:
                module.add_module(step, make())
            module = module.get_submodule(step)
        if "inv_freq" in last or (last == "bias" and "cross_model" in name):
            module.register_buffer(last, value)
        else:
            module.register_parameter(last, nn.Parameter(value))
    root.register_buffer("pos_emb", torch.ones(2), persistent=False)
    return root


@pytest.fixture(scope="module")
def state() -> Saved:
    """Like the published one: 16 heads everywhere, in half precision."""
    clip = hugging_face(31, vision=(32, 16), text=(32, 16), activation="gelu", embedding=16)
    whole = {f"model.{n}": v for n, v in clip.state_dict().items()} | cross_model(16, 16, 2)
    return {name: value.half() for name, value in whole.items()}


@pytest.fixture(params=[True, False], ids=["zip", "older"])
def pickle_file(
    request: pytest.FixtureRequest, tmp_path: Path, state: Saved, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A pickled module of a class that nobody can import any more when it is read."""
    home = tmp_path / "authors"
    home.mkdir()
    (home / "trainer_of_mps.py").write_text(
        "from torch import nn\n\n\nclass CLIPModel(nn.Module):\n    pass\n"
    )
    path = tmp_path / "MPS_overall_checkpoint.pth"
    with monkeypatch.context() as theirs:
        theirs.syspath_prepend(home)
        made = importlib.import_module("trainer_of_mps").CLIPModel
        torch.save(nested(state, made), path, _use_new_zipfile_serialization=request.param)
    del sys.modules["trainer_of_mps"]
    shutil.rmtree(home)
    return path


def test_it_is_refused_without_the_flag(
    pickle_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = pickle_file.with_name("out.safetensors")

    assert main([str(pickle_file), str(out)]) == 2

    said = capsys.readouterr().out
    assert said.startswith(f"SHA-256 {hashlib.sha256(pickle_file.read_bytes()).hexdigest()}  ")
    assert "a file that can run code when it is read" in said
    assert "say --trust-this-file" in said
    assert not out.exists()


def test_its_numbers_come_out_by_their_names(pickle_file: Path, state: Saved) -> None:
    out = pickle_file.with_name("mps_overall.safetensors")
    converter = [sys.executable, "-m", "scoring.weights.convert_mps"]
    command = [*converter, pickle_file, out, "--trust-this-file"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    written = load_file(out)
    assert done.stdout.splitlines()[-1] == f"{len(state)} tensors in {out}"
    assert written.keys() == state.keys()
    assert all(torch.equal(written[name], value) for name, value in state.items())
    with safe_open(out, "pt") as file:
        assert file.metadata() == {
            "source": "MPS_overall_checkpoint.pth",
            "source_sha256": hashlib.sha256(pickle_file.read_bytes()).hexdigest(),
        }
    assert list(pickle_file.parent.iterdir()) in ([pickle_file, out], [out, pickle_file])


class Trap:
    """What a pickle can do to who reads it."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "older"])
def test_a_trap_in_it_does_not_spring(tmp_path: Path, state: Saved, *, zipped: bool) -> None:
    path, marker = tmp_path / "trap.pth", tmp_path / "sprung"
    torch.save({**state, "trap": Trap(marker)}, path, _use_new_zipfile_serialization=zipped)

    assert read_pickle(path).keys() == state.keys()

    assert not marker.exists()
    # It is a trap: read as it wants to be, it springs.
    torch.load(path, weights_only=False)  # noqa: TID251
    assert marker.exists()


def test_what_is_no_mps_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "other.pth", tmp_path / "out.safetensors"
    torch.save({"a.weight": torch.zeros(2)}, source)

    assert main([str(source), str(out), "--trust-this-file"]) == 2

    said = capsys.readouterr().out
    assert "weights_of_another_network" in said
    assert "file=other.pth" in said
    assert not out.exists()


def test_what_is_no_pickle_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.pth").write_bytes(b"no pickle at all")

    with pytest.raises(Unavailable, match=r"(?s)weights_unreadable .*file=a\.pth"):
        read_pickle(tmp_path / "a.pth")


def test_the_tiny_likeness_has_the_published_heads() -> None:
    assert (LAION_H14.vision_heads, LAION_H14.text_heads) == (16, 16)
