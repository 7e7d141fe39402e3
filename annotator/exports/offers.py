"""What exports there can be of a project: formats and ready choices, as they are offered."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.core import words
from annotator.core.reasons import Reason
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats.format import Format, Group, loading, options_of
from annotator.exports.formats.options import ExportOption
from annotator.exports.formats.registry import FORMATS
from annotator.exports.models import Export
from annotator.exports.presets import PRESETS, choice_for


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format; `reason` is why it does not fit the project, null if it does.

    `title`, what it is, and `use`, who opens it and with what, are in English. A format that does
    not fit has no options.
    """

    name: str
    version: str
    group: Group
    title: str
    use: str
    reason: Reason | None
    options: Sequence[ExportOption]


@dataclass(frozen=True, slots=True)
class ExportPreset:
    """A ready choice for a common use; `reason` is why nothing of it fits, null if something does.

    `options` are those that differ from the format's defaults.
    """

    name: str
    title: str
    use: str
    format: str
    options: Mapping[str, Any]
    reason: Reason | None


def formats_for(questions: Questions) -> list[ExportFormat]:
    """Every format, by group."""
    order = list(Group)
    forms = sorted(FORMATS.values(), key=lambda form: order.index(form.group))
    return [_format(form, questions) for form in forms]


def presets_for(questions: Questions) -> list[ExportPreset]:
    """Every ready choice."""
    texts = words.catalog("exports")["presets"]
    found = []
    for preset in PRESETS:
        name, options, reason = choice_for(preset, questions)
        found.append(ExportPreset(preset.name, **texts[preset.name], format=name, options=options,
                                  reason=reason))  # fmt: skip
    return found


def snippet_of(export: Export) -> str:
    """Code that loads an export from beside its folder; "" for a format that is no more."""
    form = FORMATS.get(export.format)
    return loading(form, export.options, export.format) if form else ""


def command_of(export: Export, questions: Questions) -> str:
    """The command line that makes the same export: it says what differs from the defaults."""
    form = FORMATS.get(export.format)
    known = options_of(form, questions) if form else ()
    defaults = {option.name: option.default for option in known}
    changed = {name: value for name, value in export.options.items() if defaults.get(name) != value}
    given = [("--option", f"{name}={_typed(value)}") for name, value in changed.items()]
    chosen = ["--format", export.format, "--out", f"{export.format}-{export.pk}"]
    command = ["python", "manage.py", "export", str(export.project_id), *chosen]
    return shlex.join([*command, *(part for pair in given for part in pair)])


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _format(form: Format, questions: Questions) -> ExportFormat:
    texts = words.catalog("exports")["formats"][form.name]
    reason = form.misfit(questions)
    options = () if reason else options_of(form, questions)
    return ExportFormat(
        name=form.name,
        version=form.version,
        group=form.group,
        title=texts["title"],
        use=texts["use"],
        reason=reason,
        options=[_with_help(form, option) for option in options],
    )


def _with_help(form: Format, option: ExportOption) -> ExportOption:
    texts = words.catalog("exports")
    own = texts["formats"][form.name].get("options", {}).get(option.name)
    return replace(option, help=own or texts["options"][option.name]["help"])
