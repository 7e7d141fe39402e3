"""Label Studio beside us: as many people who fetch a pair and answer it (`--label-studio VENV`).

VENV is a virtual environment with `label-studio` and `uwsgi` in it, as its authors run it: four
processes over PostgreSQL. It isn't among our requirements: it is measured only where it is named.
"""

import contextlib
import http.client
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from servers import postgres

from bench.claims import HOST, QUESTIONS, Caller, Load, answers, free_port
from bench.seeds import Person

PROCESSES = 4
TASKS_A_REQUEST = 2_000
START_SECONDS = 120
CONFIG = f"""<View><Text name="prompt" value="$prompt"/>
<Image name="a" value="$a"/><Image name="b" value="$b"/>
{
    "".join(
        f'<Choices name="{question}" toName="a"><Choice value="a"/><Choice value="b"/></Choices>'
        for question in QUESTIONS
    )
}</View>"""
# Makes the people and the project where no command and no call does, and prints what is asked for.
PREPARE = """
import json, sys
from organizations.models import Organization
from projects.models import Project
from rest_framework.authtoken.models import Token
from users.models import User

people = [
    User.objects.create_user(f"person{n}@example.org", "a long password", username=f"person{n}")
    for n in range(PEOPLE)
]
organization = Organization.create_organization(created_by=people[0], title="bench")
for one in people:
    organization.add_user(one)
    one.active_organization = organization
    one.save()
organization.jwt.legacy_api_tokens_enabled = True
organization.jwt.save()
project = Project.objects.create(
    title="bench", label_config=CONFIG, maximum_annotations=3, created_by=people[0],
    organization=organization,
)
tokens = [Token.objects.get_or_create(user=one)[0].key for one in people]
print("FOUND " + json.dumps({"project": project.pk, "tokens": tokens}))
"""
RESULT = [
    {"from_name": question, "to_name": "a", "type": "choices", "value": {"choices": ["a"]}}
    for question in QUESTIONS
]


class AtLabelStudio(Caller):
    """Fetches the next task and answers it: its two requests a round."""

    scheme = "Token"

    def ask(
        self, caller: http.client.HTTPConnection, method: str, path: str, body: object
    ) -> dict[str, Any]:
        try:
            return super().ask(caller, method, path, body)
        finally:
            caller.close()  # its server keeps none open; the next request opens one

    def round(self, caller: http.client.HTTPConnection) -> None:
        task = self.ask(caller, "GET", f"/api/projects/{self.person.project}/next", None)["id"]
        answer = {"result": RESULT, "lead_time": 5.4}
        self.ask(caller, "POST", f"/api/tasks/{task}/annotations/", answer)


@dataclass
class LabelStudio:
    """One that runs, with a project of pairs."""

    port: int
    pid: int
    people: Sequence[Person]

    def load(self, count: int) -> Load:
        """So many of its people."""
        return Load(self.pid, [AtLabelStudio(self.port, one) for one in self.people[:count]])


@contextlib.contextmanager
def running(venv: Path, items: int, people: int) -> Iterator[LabelStudio]:
    """Its server on a free port, with a database of its own, so many pairs and people."""
    package = next((venv / "lib").glob("python3.*/site-packages/label_studio"))
    with contextlib.ExitStack() as ends:
        own = postgres.own_database(os.environ["DATABASE_URL"], "label_studio")
        to = urlsplit(ends.enter_context(own))
        env = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
            "DJANGO_DB": "default",
            "POSTGRE_USER": to.username or "",
            "POSTGRE_PASSWORD": to.password or "",
            "POSTGRE_NAME": to.path.lstrip("/"),
            "POSTGRE_HOST": to.hostname or "",
            "POSTGRE_PORT": str(to.port or 5432),
            "LABEL_STUDIO_BASE_DATA_DIR": ends.enter_context(tempfile.TemporaryDirectory()),
            "COLLECT_ANALYTICS": "false",
            "APP_WEBSERVER": "uwsgi",
            "LOG_LEVEL": "ERROR",
        }
        python = str(venv / "bin" / "python")
        _manage(python, package, env, "migrate", "--verbosity", "0")
        prepare = PREPARE.replace("PEOPLE", str(people)).replace("CONFIG", repr(CONFIG))
        told = _manage(python, package, env, "shell", given=prepare)
        made = json.loads(told.rpartition("FOUND ")[2].splitlines()[0])
        port = free_port()
        process = subprocess.Popen(
            [
                *(str(venv / "bin" / "uwsgi"), "--master", "--http-socket", f"{HOST}:{port}"),
                *("--module", "core.wsgi:application", "--processes", str(PROCESSES)),
                *("--buffer-size", "65535", "--disable-logging"),
                *("--virtualenv", str(venv), "--die-on-term"),
            ],
            cwd=package, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ends.callback(_end, process)
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("Label Studio did not start")
            time.sleep(0.1)
        crew = [Person(made["project"], n, token) for n, token in enumerate(made["tokens"])]
        _import(port, crew[0], items)
        yield LabelStudio(port, process.pid, crew)


def _manage(
    python: str, package: Path, env: dict[str, str], *arguments: str, given: str = ""
) -> str:
    """Runs its `manage.py`; what it printed."""
    done = subprocess.run(
        [python, "manage.py", *arguments],
        cwd=package, env=env, input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"Label Studio's {arguments[0]} failed: {done.stderr[-500:]}")
    return done.stdout


def _import(port: int, person: Person, items: int) -> None:
    caller = AtLabelStudio(port, person)
    line = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    path = f"/api/projects/{person.project}/import"
    for first in range(0, items, TASKS_A_REQUEST):
        numbers = range(first, min(first + TASKS_A_REQUEST, items))
        tasks = [
            {"prompt": f"a cat, number {n}", "a": f"/a/{n}.png", "b": f"/b/{n}.png"}
            for n in numbers
        ]
        caller.ask(line, "POST", path, tasks)
    line.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(START_SECONDS)
