"""Only a room's own services write its tables: judged by what a call writes, not by a file's name.

Every module of the product is read. A write is a call of a queryset's, a manager's or a row's
method, or of `move`; whose table it writes follows from the model that is named, or from the type
that the variable is annotated with or was fetched as.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ANNOTATOR = ROOT / "annotator"

MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Dicts and hashes are updated too, and storages save: of these only rows and querysets are meant.
WRITERS = {
    "save",
    "create",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
}
READERS = {"models.py", "selectors.py"}


@dataclass(frozen=True)
class Write:
    """A call that writes: where, by which method, and the model (None: it can't be told)."""

    place: str
    method: str
    model: str | None


def room_of(path: Path) -> str:
    """annotator/projects/services.py → projects; annotator/pipeline.py → pipeline."""
    return path.relative_to(ANNOTATOR).parts[0].removesuffix(".py")


def rooms_of_models() -> dict[str, str]:
    """Model → its room, for all tables."""
    found = {}
    for path in ANNOTATOR.glob("*/models.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base) in {"models.Model", "AbstractUser", "AbstractBaseUser"}
                or ast.unparse(base).endswith("Job")
                for base in node.bases
            ):
                found[node.name] = path.parent.name
    return found


ROOMS = rooms_of_models()


def writes(tree: ast.Module, place: str, models: Mapping[str, str] = ROOMS) -> Iterator[Write]:
    """Every write of a module."""
    functions = _returned(tree, models)
    for scope in _scopes(tree):
        types = functions | _types(scope, functions, models)
        for node in _own_nodes(scope):
            if not isinstance(node, ast.Call):
                continue
            at = f"{place}:{node.lineno}"
            if ast.unparse(node.func) in {"move", "states.move"} and node.args:
                yield Write(at, "move", _model(node.args[0], types, models))
            elif ast.unparse(node.func).startswith("copying.add") and node.args:
                yield Write(at, ast.unparse(node.func), _model(node.args[0], types, models))
            elif isinstance(node.func, ast.Attribute):
                method, receiver = node.func.attr, node.func.value
                model = _model(receiver, types, models)
                if method in WRITERS and (model or _asks_a_manager(receiver)):
                    yield Write(at, method, model)


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions within it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _own_nodes(node)


def _returned(tree: ast.Module, models: Mapping[str, str]) -> dict[str, str]:
    """`name()` of the module's own functions → the model that they return rows of."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            _learn(found, f"{node.name}()", _annotated(node.returns, models))
    return found


def _types(
    scope: ast.AST, functions: Mapping[str, str], models: Mapping[str, str]
) -> dict[str, str]:
    """Variable → the model that it is a row or a queryset of."""
    types: dict[str, str] = dict(functions)
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        for argument in arguments:
            if argument.annotation is not None:
                _learn(types, argument.arg, _annotated(argument.annotation, models))
    # Twice, so that what is fetched through another variable is known whatever the order.
    for _ in range(2):
        for node in _own_nodes(scope):
            for name, found in _bound(node, types, models):
                _learn(types, name, found)
    return types


def _bound(
    node: ast.AST, types: Mapping[str, str], models: Mapping[str, str]
) -> Iterator[tuple[str, str | None]]:
    """The variables that a statement binds, each with its model."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for name in target.elts if isinstance(target, ast.Tuple) else [target]:
                yield ast.unparse(name), _model(node.value, types, models)
    elif isinstance(node, ast.AnnAssign):
        yield ast.unparse(node.target), _annotated(node.annotation, models)
    elif isinstance(node, ast.For | ast.comprehension):
        # for row in rows; for number, row in enumerate(rows)
        target = node.target.elts[-1] if isinstance(node.target, ast.Tuple) else node.target
        yield ast.unparse(target), _model(node.iter, types, models)
    elif isinstance(node, ast.NamedExpr):
        yield node.target.id, _model(node.value, types, models)


def _learn(types: dict[str, str], name: str, model: str | None) -> None:
    if model is not None:
        types.setdefault(name, model)


def _annotated(annotation: ast.expr, models: Mapping[str, str]) -> str | None:
    """`Batch`, `Batch | None`, `Sequence[Batch]`, `QuerySet[Batch]` → Batch.

    `Held[Batch]` is the lease on a row: it is renewed by whoever holds it.
    """
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Held":
        return None
    named = [node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)]
    return next((name for name in named if name in models), None)


def _model(node: ast.expr, types: Mapping[str, str], models: Mapping[str, str]) -> str | None:
    """The model of the rows that an expression is or leads to by its own methods."""
    if isinstance(node, ast.Name):
        return types.get(node.id) or (node.id if node.id in models else None)
    if isinstance(node, ast.Attribute):
        dotted = ast.unparse(node)
        if dotted in types:
            return types[dotted]
        # A row's column (row.item) is another thing; a manager or queryset leads on.
        return _model(node.value, types, models) if node.attr in MANAGERS else None
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return _model(node.func.value, types, models)
        name = ast.unparse(node.func)
        if name in models or f"{name}()" in types:
            return types.get(f"{name}()", name)
        if name in {"list", "sorted", "reversed", "enumerate"} and node.args:
            return _model(node.args[0], types, models)
    if isinstance(node, ast.Subscript | ast.Starred | ast.Await):
        return _model(node.value, types, models)
    return None


def _asks_a_manager(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr in MANAGERS for each in ast.walk(node))


def _meant(tree: ast.Module) -> dict[str, str]:
    """The models, without those whose name means something else here, as Pillow's Image does."""
    others = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "PIL"
        for name in node.names
    }
    return {model: room for model, room in ROOMS.items() if model not in others}


def all_writes() -> list[tuple[Path, Write]]:
    found = []
    for path in sorted(ANNOTATOR.rglob("*.py")):
        if "migrations" not in path.parts:
            place, tree = str(path.relative_to(ROOT)), ast.parse(path.read_text())
            found += [(path, write) for write in writes(tree, place, _meant(tree))]
    return found


def test_a_rooms_tables_are_written_by_that_room_alone() -> None:
    found = all_writes()
    # What is not of this test's concern: the functions that all rooms move and hold rows with.
    found = [(path, write) for path, write in found if room_of(path) not in {"core", "jobs"}]

    assert len(found) > 60
    assert [
        f"{write.place}: {write.method} on {write.model} of {ROOMS.get(write.model or '')}"
        for path, write in found
        if write.model is None or ROOMS[write.model] != room_of(path)
    ] == []


def test_what_a_room_is_and_can_be_asked_writes_nothing() -> None:
    assert [write.place for path, write in all_writes() if path.name in READERS] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Item.objects.filter(pk=1).update(key='x')", ["update Item"]),
        ("Item.objects.create(key='x')", ["create Item"]),
        ("Item.objects.bulk_create(rows)", ["bulk_create Item"]),
        ("def f(item: Item): item.save()", ["save Item"]),
        ("def f(item: Item | None): item.delete()", ["delete Item"]),
        ("def f(pk):\n    row = Item.objects.get(pk=pk)\n    row.delete()", ["delete Item"]),
        ("def f():\n    for row in Item.objects.all():\n        row.save()", ["save Item"]),
        ("def f(rows: QuerySet[Item]): rows.filter(a=1).update(b=2)", ["update Item"]),
        (
            "def f(rows: list[Item]):\n    for n, row in enumerate(rows):\n        row.save()",
            ["save Item"],
        ),
        ("def g() -> Item: ...\ndef f():\n    row = g()\n    row.save()", ["save Item"]),
        ("def f(batch: Batch): move(batch, 'done')", ["move Batch"]),
        ("def f(rows): copying.add(Item, COLUMNS, rows)", ["copying.add Item"]),
        ("def f(row): move(row, 'done')", ["move None"]),
        ("model._default_manager.filter(pk=1).update(a=1)", ["update None"]),
        ("counts.update(a=1); digest.update(b''); storage.save(name, content)", []),
        ("Item.objects.filter(pk=1).first()", []),
        ("def f(item: Item): item.batch.update({})", []),
    ],
)
def test_a_write_is_seen_and_its_model_known(source: str, expected: list[str]) -> None:
    found = writes(ast.parse(source), "here", {"Item": "items", "Batch": "projects"})

    assert [f"{write.method} {write.model}" for write in found] == expected
