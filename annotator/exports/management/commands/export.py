"""`manage.py export PROJECT --format NAME --out DIR`: an export, by the same code as the site's."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from annotator.core import words
from annotator.core.commands import SiteCommand
from annotator.core.errors import Invalid, TriptychError
from annotator.core.reasons import Code, Reason, sentence
from annotator.exports.aggregate.votes import Questions
from annotator.exports.building import Built, build
from annotator.exports.formats.format import Format, check_options, options_of
from annotator.exports.formats.options import Options
from annotator.exports.formats.registry import FORMATS, format_named
from annotator.exports.read.source import specs_of
from annotator.projects.models import Project
from annotator.projects.selectors import project_called


class Command(SiteCommand):
    """See the module."""

    help = "Writes an export of a project into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """PROJECT, --format, --out, --option, --workers."""
        parser.add_argument("project", help="the project's number or its exact name")
        parser.add_argument("--format", required=True, help=f"one of: {_formats()}")
        parser.add_argument("--out", required=True, type=Path, help="a folder that is not there")
        parser.add_argument(
            "--option", action="append", default=[], metavar="NAME=VALUE", help="may be repeated"
        )
        parser.add_argument(
            "--workers", type=int, default=1, help="processes that build shards; 1: this one alone"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        """Builds with a progress bar; ends with what was written, or why it was not."""
        try:
            project = project_called(given["project"])
            form = format_named(given["format"])
            questions = specs_of(project)
            options = check_options(form, questions, read_options(form, questions, given["option"]))
            built = _build_visibly(
                project, form, options, given["out"].absolute(), workers=max(1, given["workers"])
            )
        except TriptychError as error:
            raise CommandError(in_words(error)) from error
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{built.rows} rows about {built.items} items, {built.files.count} files: "
            f"{given['out']}"
        )
        built.files.close()


def read_options(form: Format, questions: Questions, given: Iterable[str]) -> Mapping[str, object]:
    """name=value as typed → values; what can't be read goes through as text, to be refused."""
    known = {option.name: option for option in options_of(form, questions)}
    values: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise Invalid(Reason(Code.OPTION_WITHOUT_VALUE, text=text))
        values[name] = known[name].typed(value) if name in known else value
    return values


def in_words(error: TriptychError) -> str:
    """What is wrong, and with which option."""
    wrong = [
        f"  --option {name}: {sentence(reason)}"
        for name, reason in error.fields.items()
        if reason != error.reason
    ]
    return "\n".join([error.message, *wrong])


def _formats() -> str:
    titles = words.catalog("exports")["formats"]
    return "; ".join(f"{name} ({titles[name]['title']})" for name in FORMATS)


def _build_visibly(
    project: Project, form: Format, options: Options, final: Path, *, workers: int
) -> Built:
    columns = (TextColumn(f"{form.name}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(form.name, total=None)
        return build(
            project=project,
            form=form,
            options=options,
            final=final,
            workers=workers,
            tick=lambda stage, done, total: progress.update(
                bar, description=f"{form.name}: {stage}", completed=done, total=total
            ),
        )
