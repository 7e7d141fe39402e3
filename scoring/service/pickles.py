"""Reads pickles of plain values and runs nothing: no opcode calls, imports or sets anything.

What it builds: None, booleans, numbers, texts, bytes, lists, tuples, dicts; and lists of texts out
of NumPy's arrays of texts (dtype U), for flow_grpo's client cuts its prompts with
``numpy.array_split``. Everything else is refused when it is named, before anything is built of it.
The opcodes are those that protocols 3 to 5 write, Python 3's own (``pickletools``).
"""

import pickletools
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from scoring.service.refusals import Code, Refused

# The names by which NumPy 1 and 2 write an array, in protocols up to 4 and in 5.
NUMPY = frozenset({
    "numpy ndarray", "numpy dtype",
    "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct",
    "numpy.core.numeric _frombuffer", "numpy._core.numeric _frombuffer",
})  # fmt: skip
TEXTS = re.compile(r"U(\d{1,6})")
ENCODINGS = {"<": "utf-32-le", ">": "utf-32-be"}
CHARACTER_BYTES = 4
KEYS = (str, bytes, int, float, type(None))
# What reading ends in where a pickle is none.
BROKEN = (ValueError, IndexError, KeyError, TypeError, OverflowError, struct.error)

CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
LITERALS = frozenset({
    "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT",
    "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8",
    "SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8",
})  # fmt: skip
NOTHING_TO_DO = frozenset({"PROTO", "FRAME", "STOP"})


def plain(data: bytes) -> Any:
    """What a pickle of plain values holds. Raises Refused for any other, and for what is none."""
    machine = Machine()
    try:
        for opcode, argument, _ in pickletools.genops(data):
            machine.step(opcode.name, argument)
        (value,) = machine.stack
    except BROKEN as error:
        raise Refused(Code.BODY_UNREADABLE, error=str(error)[:200]) from error
    return value


def pickled(value: object) -> bytes:
    """The same the other way round: None, booleans, numbers, texts, lists and dicts of them."""
    return b"\x80\x03" + _written(value) + b"."


def _written(value: object) -> bytes:
    match value:
        case None:
            return b"N"
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            return b"J" + struct.pack("<i", value)
        case float():
            return b"G" + struct.pack(">d", value)
        case str():
            text = value.encode(errors="surrogatepass")
            return b"X" + struct.pack("<I", len(text)) + text
        case list():
            return b"(" + b"".join(map(_written, value)) + b"l"
        case dict():
            return b"(" + b"".join(map(_written, chain.from_iterable(value.items()))) + b"d"
    raise TypeError(f"a {type(value).__name__} is not written")


@dataclass(frozen=True, slots=True)
class Name:
    """Of NumPy's own; nothing stands behind it here."""

    text: str


@dataclass(slots=True)
class TextType:
    """A dtype U: so many characters each."""

    characters: int
    encoding: str = ENCODINGS["<"]

    def texts(self, data: bytes, count: int) -> list[str]:
        """Raises ValueError where the bytes are not those of so many texts."""
        width = CHARACTER_BYTES * self.characters
        if len(data) != count * width:
            raise ValueError("an array of another size")
        rows = (data[at : at + width] for at in range(0, len(data), width))
        return [row.decode(self.encoding).rstrip("\0") for row in rows]


class Machine:
    """The stack, the marks on it and the memo, as ``pickletools`` describes them."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self._marks: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        if name in NOTHING_TO_DO:
            return
        if name in CONSTANTS:
            self.stack.append(CONSTANTS[name])
        elif name in LITERALS:
            self.stack.append(bytes(argument) if isinstance(argument, bytearray) else argument)
        elif name in STEPS:
            STEPS[name](self, argument)
        else:
            raise Refused(Code.PICKLE_REFUSED, what=name)

    def since_mark(self) -> list[Any]:
        """What was put on the stack since the last mark, which goes with it."""
        items, self.stack = self.stack, self._marks.pop()
        return items

    def taken(self, count: int) -> list[Any]:
        """The last so many things on the stack, which leave it."""
        if count > len(self.stack):
            raise IndexError("nothing on the stack")
        at = len(self.stack) - count
        items = self.stack[at:]
        del self.stack[at:]
        return items

    def mark(self, _: Any) -> None:
        self._marks.append(self.stack)
        self.stack = []

    def memoize(self, at: int | None) -> None:
        self._memo[len(self._memo) if at is None else at] = self.stack[-1]

    def recall(self, at: int) -> None:
        self.stack.append(self._memo[at])

    def append(self, items: list[Any]) -> None:
        _only(list, self.stack[-1]).extend(items)

    def set(self, items: list[Any]) -> None:
        target = _only(dict, self.stack[-1])
        for key, value in zip(items[::2], items[1::2], strict=True):
            # Of tuples in tuples a hash would go as deep as they do.
            if not isinstance(key, KEYS):
                raise Refused(Code.PICKLE_REFUSED, what=f"a key of type {type(key).__name__}")
            target[key] = value

    def name(self, text: str) -> None:
        if text not in NUMPY:
            raise Refused(Code.PICKLE_REFUSED, what=text[:200])
        self.stack.append(Name(text))

    def reduce(self, _: Any) -> None:
        """NumPy's three calls, none of which is made."""
        called, given = self.taken(2)
        match called, given:
            case Name("numpy dtype"), (str(kind), *_) if found := TEXTS.fullmatch(kind):
                self.stack.append(TextType(int(found[1])))
            case Name(text), (Name("numpy ndarray"), *_) if text.endswith(" _reconstruct"):
                self.stack.append([])
            case Name(text), (bytes(data), TextType() as kind, (int(count),), _) if text.endswith(
                " _frombuffer"
            ):
                self.stack.append(kind.texts(data, count))
            case Name(text), _:
                raise Refused(Code.PICKLE_REFUSED, what=text)
            case _:
                # Lists in lists many times over: none of what came is written out.
                raise Refused(Code.PICKLE_REFUSED, what=f"a call of a {type(called).__name__}")

    def build(self, _: Any) -> None:
        """The rest of what NumPy tells of a dtype, or of an array that was begun."""
        target, state = self.taken(2)
        match target, state:
            case TextType(), (int(), str(order), *_) if order in ENCODINGS:
                target.encoding = ENCODINGS[order]
            case list(), (int(), (int(count),), TextType() as kind, _, bytes(data)):
                target.extend(kind.texts(data, count))
            case _:
                raise Refused(Code.PICKLE_REFUSED, what=f"the state of a {type(target).__name__}")
        self.stack.append(target)


def _only(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"a {type(value).__name__} where a {kind.__name__} belongs")
    return value


def _tuple_of(count: int) -> Callable[[Machine, Any], None]:
    return lambda machine, _: machine.stack.append(tuple(machine.taken(count)))


def _put(value: Callable[[Machine], Any]) -> Callable[[Machine, Any], None]:
    def step(machine: Machine, _: Any) -> None:
        made = value(machine)
        machine.stack.append(made)

    return step


STEPS: Mapping[str, Callable[[Machine, Any], None]] = {
    "MARK": Machine.mark,
    "EMPTY_LIST": _put(lambda _: []),
    "EMPTY_DICT": _put(lambda _: {}),
    "EMPTY_TUPLE": _put(lambda _: ()),
    "TUPLE": _put(lambda machine: tuple(machine.since_mark())),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "APPEND": lambda machine, _: machine.append(machine.taken(1)),
    "APPENDS": lambda machine, _: machine.append(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.set(machine.taken(2)),
    "SETITEMS": lambda machine, _: machine.set(machine.since_mark()),
    **dict.fromkeys(("MEMOIZE", "BINPUT", "LONG_BINPUT"), Machine.memoize),
    **dict.fromkeys(("BINGET", "LONG_BINGET"), Machine.recall),
    "GLOBAL": Machine.name,
    "STACK_GLOBAL": lambda machine, _: machine.name(" ".join(machine.taken(2))),
    "REDUCE": Machine.reduce,
    "BUILD": Machine.build,
}
