"""`triptych`: the same moves on the command line."""

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from triptych_client import credentials
from triptych_client.credentials import Credentials
from triptych_client.errors import ApiError, TriptychError
from triptych_client.synchronous import Project, Triptych

REPORTS = ("progress", "agreement", "leaderboard", "annotators", "metrics")


def main(arguments: Sequence[str] | None = None) -> int:
    """What the shell calls; 1 where it is refused or fails."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.act(chosen)
    except ApiError as refused:
        print(refused, file=sys.stderr)
        for name, reason in refused.fields.items():
            if _words(reason) != _words(vars(refused)):
                print(f"  {name}: {_words(reason)}", file=sys.stderr)
        return 1
    except (TriptychError, httpx.HTTPError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _words(reason: Any) -> str:
    return f"{reason['message']} ({reason['code']})" if isinstance(reason, dict) else str(reason)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="triptych", description=__doc__)
    commands = parser.add_subparsers(required=True)

    login = commands.add_parser("login", help="keeps a site's address and a token of it")
    login.add_argument("url")
    login.add_argument("--token-stdin", action="store_true", help="read it from standard input")
    login.set_defaults(act=_login)

    projects = commands.add_parser("projects", help="lists your projects")
    projects.set_defaults(act=_projects)

    push = _of_project(commands.add_parser("push", help="uploads a folder, a zip or a manifest"))
    push.add_argument("folder", type=Path)
    push.add_argument("--name", default="", help="of the batch")
    push.add_argument("--pairs", default="", help="all, ring or random:K of a prompt's images")
    push.add_argument("--step", type=int, help="of the training run that made the images")
    push.add_argument("--no-wait", action="store_true", help="do not wait until it is taken in")
    push.set_defaults(act=_push)

    wait = _of_project(commands.add_parser("wait", help="until people have settled every item"))
    wait.add_argument("--timeout", type=float, help="seconds")
    wait.set_defaults(act=_wait)

    measure = _of_project(commands.add_parser("measure", help="asks for metrics"))
    measure.add_argument("metrics", nargs="*", help="none: those that the project has chosen")
    measure.set_defaults(act=_measure)

    pull = _of_project(commands.add_parser("pull", help="makes an export and unpacks it here"))
    pull.add_argument("format")
    pull.add_argument("--to", type=Path, default=Path(), metavar="FOLDER")
    pull.add_argument("--option", action="append", default=[], metavar="NAME=VALUE")
    pull.set_defaults(act=_pull)

    reports = _of_project(commands.add_parser("reports", help="prints a report as JSON"))
    reports.add_argument("name", choices=REPORTS)
    reports.set_defaults(act=_reports)
    return parser


def _of_project(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--project", required=True, help="its number or name")
    return parser


def _project(chosen: argparse.Namespace) -> Project:
    named = chosen.project
    return Triptych().project(int(named) if named.isdecimal() else named)


def _login(chosen: argparse.Namespace) -> None:
    typed = not chosen.token_stdin and sys.stdin.isatty()
    token = (getpass.getpass("Token: ") if typed else sys.stdin.readline()).strip()
    if not token:
        raise TriptychError("No token was given; your settings on the site make one.")
    known = Credentials(chosen.url.rstrip("/"), token)
    with Triptych(known.url, known.token) as site:
        told = site.token()
    where = "all projects" if told["project_id"] is None else f"project {told['project_id']}"
    print(f"{told['username']} at {known.url}: {told['scope']}, {where}")
    print(f"kept in {credentials.keep(known)}")


def _projects(_chosen: argparse.Namespace) -> None:
    for project in Triptych().projects():
        print(f"{project['id']}\t{project['name']}")


def _push(chosen: argparse.Namespace) -> None:
    project = _project(chosen)
    batch = project.push_path(chosen.folder, name=chosen.name, pairs=chosen.pairs, step=chosen.step)
    if not chosen.no_wait:
        batch = project.wait_for_batch(batch)
    print(f"batch {batch['id']}: {batch['state']}, {batch['items']} items")
    for problem in batch["problems"]:
        line = "" if problem["line"] is None else f"line {problem['line']}: "
        print(f"  {line}{problem['file']}: {_words(problem['reason'])}", file=sys.stderr)


def _wait(chosen: argparse.Namespace) -> None:
    project = _project(chosen).wait(timeout=chosen.timeout)
    print(f"{project['settled']} of {project['items']} items are settled")


def _measure(chosen: argparse.Namespace) -> None:
    print(f"{_project(chosen).measure(*chosen.metrics)} images are to be measured")


def _pull(chosen: argparse.Namespace) -> None:
    options = dict(_option(text) for text in chosen.option)
    print(_project(chosen).pull_folder(chosen.format, chosen.to, **options))


def _option(text: str) -> tuple[str, Any]:
    """NAME=VALUE, the value as JSON where it is some, else as it stands."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _reports(chosen: argparse.Namespace) -> None:
    print(json.dumps(_project(chosen).reports.get(chosen.name), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
