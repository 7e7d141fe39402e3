"""What may come as a pickle, and that nothing of one is ever run."""

import os
import pickle
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring.service.pickles import pickled, plain
from scoring.service.refusals import Code, Refused

PROTOCOLS = (3, 4, 5)
BODY = {
    "images": [b"\xff\xd8 a JPEG", b"x" * 300],
    "prompts": ["a cat", "桜の木"],
    "metadata": {"step": 3, "big": 2**80, "lr": 1e-4, "tags": ("a", None, True), "more": []},
}


class Runs:
    """What a pickle can have run by whoever reads it."""

    def __init__(self, call: Any, *arguments: Any) -> None:
        self.told = call, arguments

    def __reduce__(self) -> Any:
        return self.told


class Stated(Runs):
    """The same behind a state that is set on what was built."""

    def __reduce__(self) -> Any:
        return list, (), {"__setstate__": Runs(*self.told)}


def refused(body: bytes) -> Code:
    with pytest.raises(Refused) as caught:
        plain(body)
    code = caught.value.reason.code
    assert isinstance(code, Code)
    return code


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_plain_values_are_read_as_python_reads_them(protocol: int) -> None:
    assert plain(pickle.dumps(BODY, protocol)) == BODY


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("module", [b"numpy._core", b"numpy.core"])
def test_prompts_that_numpy_cut_are_texts(protocol: int, module: bytes) -> None:
    # flow_grpo's own line, whose pickles say the one or the other name by NumPy's version.
    batch = np.array_split(["a cat", "桜の木", "two dogs"], 2)[0]
    body = pickle.dumps({"prompts": batch}, protocol)
    if module == b"numpy.core":
        body = as_numpy_1_names_it(body, protocol)

    assert plain(body) == {"prompts": ["a cat", "桜の木"]}


def as_numpy_1_names_it(body: bytes, protocol: int) -> bytes:
    """Shorter by one letter, and so is the frame that holds it."""
    for name in (b"multiarray", b"numeric"):
        long, short = (b"numpy." + core + b"." + name for core in (b"_core", b"core"))
        body = body.replace(bytes([len(long)]) + long, bytes([len(short)]) + short)
        body = body.replace(b"c" + long, b"c" + short)
    if protocol > 3:
        (length,) = struct.unpack_from("<Q", body, 3)
        body = body[:3] + struct.pack("<Q", length - 1) + body[11:]
    return body


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("wrapped", [Runs, Stated])
@pytest.mark.parametrize("nested", [False, True])
def test_nothing_that_a_pickle_names_is_run(
    protocol: int, wrapped: type[Runs], nested: bool, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    call = wrapped(os.system, f"touch {trace}")
    body = {"images": [b"x"], "prompts": [wrapped(getattr, call, "x") if nested else call]}

    assert refused(pickle.dumps(body, protocol)) is Code.PICKLE_REFUSED
    assert not trace.exists()


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(3),
        np.array([b"a"]),
        np.array([["a", "b"]]),
        np.array([Runs(os.getpid)], dtype=object),
        np.array(["2026-11-30"], dtype="M8[D]"),
        np.array([(1,)], dtype=[("U1", "i4")]),
        np.float64(1),
        OrderedDict(a=1),
        {1, 2},
        {("a",): 1},
        complex(1, 2),
        sys.stdin.__class__,
    ],
)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_is_not_plain_is_refused_with_a_code(value: object, protocol: int) -> None:
    assert refused(pickle.dumps({"images": [value]}, protocol)) in {
        Code.PICKLE_REFUSED,
        Code.BODY_UNREADABLE,
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no pickle",
        b"\x80\x04.",  # nothing on the stack
        b"\x80\x04]]e.",  # no mark
        b"\x80\x04K\x01a.",  # an item of nothing
        b"\x80\x04h\x07.",  # what was never kept
        b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b".",  # bytes that are not there
        b"\x80\x05\x96" + struct.pack("<Q", 2**62) + b".",
        b"\x80\x04cnumpy\ndtype\n\x8c\x02U9\x85R\x94(h\x00h\x00t.",  # nothing whole
        pickle.dumps(BODY)[:-20],
    ],
)
def test_what_is_no_whole_pickle_is_unreadable(body: bytes) -> None:
    assert refused(body) is Code.BODY_UNREADABLE


def test_an_index_far_away_and_lists_in_lists_take_neither_memory_nor_time() -> None:
    assert plain(b"\x80\x04K\x01r\xff\xff\xff\xff.") == 1
    doubled = [b"]\x94(h%ch%ce" % (at, at) for at in range(99)]
    assert refused(b"\x80\x04]\x94" + b"".join(doubled) + b"h\x63R.") is Code.PICKLE_REFUSED


@pytest.mark.parametrize(
    "forged",
    [
        b"cnumpy\ndtype\n(\x8c\x02O8\x89\x88tR.",
        b"cnumpy\ndtype\ncposix\nsystem\n\x85R.",
        b"cnumpy._core.multiarray\n_reconstruct\ncbuiltins\nlist\nK\x00\x85C\x01b\x87R.",
        b"cnumpy\nndarray\n)R.",
        b"cnumpy\nload\n.",
        # The shape would be a megabyte of bytes, many times over.
        (
            b"cnumpy._core.numeric\n_frombuffer\n(C\x01acnumpy\ndtype\n\x8c\x07U999999\x85R"
            b"C\x09aaaaaaaaa\x85\x8c\x01CtR."
        ),
        b"cnumpy\nndarray\n}b.",
        b"cnumpy\nndarray\n)\x81.",
        b"\x82\x01.",
        b"Vx\nQ.",
    ],
)
def test_numpys_names_with_other_arguments_are_refused(forged: bytes) -> None:
    assert refused(b"\x80\x04" + forged) is Code.PICKLE_REFUSED


def test_what_is_answered_python_reads_again() -> None:
    answer = {"outputs": [0.25, None, -1e300], "errors": {1: "no"}, "reward": {"a": {"v": "桜"}},
              "ok": True, "off": False}  # fmt: skip

    assert pickle.loads(pickled(answer)) == answer
