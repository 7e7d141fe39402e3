"""The house itself: who may call whom, by reading the source; what the web process loads."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import scan

from annotator.config.celery import app

ROOT = Path(__file__).resolve().parents[2]
ANNOTATOR = ROOT / "annotator"
ROOMS = sorted(path.parent.name for path in ANNOTATOR.glob("*/models.py"))
# What Django demands has its name: a database backend is a package with a `base`.
DEMANDED = ROOT / "annotator" / "core" / "postgres" / "base.py"
NOT_IN_THE_HOUSE = {"utils.py", "helpers.py", "base.py", "signals.py", "mixins.py", "common"}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def constants_of(tree: ast.Module) -> dict[str, object]:
    """Texts that a module gives a name at its top."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def tasks_sent_for() -> dict[str, str]:
    """Every task name that a job's class has or that is given to `send`, with its place.

    A computed one fails.
    """
    found = {}
    for path in sources("annotator"):
        tree = ast.parse(path.read_text())
        constants = constants_of(tree)
        for node in ast.walk(tree):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ClassDef):
                for line in node.body:
                    if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "TASK":
                        found[str(ast.literal_eval(line.value))] = place
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "jobs.send":
                continue
            name = node.args[0]
            if ast.unparse(name).endswith(".TASK"):
                continue
            text = constants.get(name.id) if isinstance(name, ast.Name) else None
            text = name.value if isinstance(name, ast.Constant) else text
            assert isinstance(text, str), f"{place}: the task's name is not written out"
            found[text] = place
    return found


@pytest.fixture(scope="module")
def registered() -> set[str]:
    app.loader.import_default_modules()
    return set(app.tasks)


def test_every_task_that_is_sent_for_is_registered(registered: set[str]) -> None:
    sent_for = tasks_sent_for()

    assert sent_for
    assert {name: place for name, place in sent_for.items() if name not in registered} == {}


def test_every_task_is_named_by_its_dotted_path(registered: set[str]) -> None:
    ours = {name for name in registered if not name.startswith("celery.")}

    assert ours
    assert {name: app.tasks[name].__module__ for name in ours} == {
        name: name.rpartition(".")[0] for name in ours
    }


def test_the_door_for_people_asks_selectors_and_not_the_tables() -> None:
    touched = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("annotator/api")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]

    assert touched == []


def test_rooms_do_not_call_each_others_services() -> None:
    calls = []
    # An upload is made into items, and what imported judges said of them: ingest stands above both
    # rooms and asks them to add rows.
    allowed = {("ingest", "items"), ("ingest", "judges")}
    # A command is a door. Background work is asked for, and what people did written down, by
    # services that every room calls.
    for room in ROOMS:
        for path in sources(f"annotator/{room}"):
            if "management" in path.parts:
                continue
            text = path.read_text()
            for other in set(ROOMS) - {room, "jobs", "actions"}:
                if (room, other) not in allowed and re.search(
                    rf"\b(from|import) annotator\.{other}(\.services| import .*\bservices\b)", text
                ):
                    calls.append(f"{path.relative_to(ROOT)} calls {other}")  # noqa: PERF401

    assert calls == []


def test_the_web_process_never_loads_torch() -> None:
    program = (
        "import sys; from annotator.config import wsgi; from django.urls import get_resolver; "
        "get_resolver().url_patterns; "
        "print(sorted({'torch', 'transformers', 'scoring.metrics'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_migrations_are_named_by_hand() -> None:
    numbered = [path.stem for path in ANNOTATOR.glob("*/migrations/0*.py")]
    by_machine = re.compile(r"_auto_\d|_and_more$|^(?!0001)\d{4}_initial$")

    assert numbered
    assert [name for name in numbered if by_machine.search(name)] == []


def test_no_room_has_a_drawer_for_odds_and_ends() -> None:
    names = {
        path.name
        for folder in ("annotator", "scoring")
        for path in (ROOT / folder).rglob("*")
        if path != DEMANDED
    }

    assert names & NOT_IN_THE_HOUSE == set()


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text()

    assert [page.name for page in folder.glob("0*.md") if f"]({page.name})" not in index] == []


def test_the_readme_points_at_what_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    folders = re.findall(r"`((?:annotator|frontend|scoring|demo|tests|docs)/[\w./-]+)`", text)

    made_later = {"docs/screenshots/"}
    named = set(links + folders) - made_later
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_repository_holds_nothing_that_must_not_be_there() -> None:
    assert scan.problems(ROOT) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", "import pickle"),
        ("a.py", "value = eval(text)"),
        ("a.py", "yaml.load(text)"),
        ("scoring/images.py", "torch.load(path)"),
        ("a.tsx", "<p dangerouslySetInnerHTML={{ __html: prompt }} />"),
        ("requirements.txt", "--index-url https://" + "pypi" + ".org/simple"),
        ("scoring/weights/published.py", "https://download." + "pytorch.org/whl/cpu"),
        ("scoring/metrics/a.py", "https://" + "huggingface.co/a/resolve/main/a.bin"),
        ("README.md", "run it in /" + "home/" + "somebody/triptych"),
    ],
)
def test_the_scan_finds_what_it_looks_for(name: str, line: str) -> None:
    assert len(scan.problems_in(name, f"first line\n{line}\n")) == 1


@pytest.mark.parametrize(
    "line", ["evaluate(text)", "yaml.safe_load(text)", "self.eval(text)", "cursor.execute(query)"]
)
def test_the_scan_leaves_the_innocent_alone(line: str) -> None:
    assert scan.problems_in("a.py", line) == []
