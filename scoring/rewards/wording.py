"""A report in words: what a head comes to, beside people, metrics and chance."""

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.rewards.groups import GroupAccuracy
from scoring.rewards.rating_report import RatingReport
from scoring.rewards.report import MORE_VOTES, HeadReport
from scoring.statistics.estimate import Estimate

NOT_NAMED = "not named"
VERDICTS = {"signed_off": "signed off", "returned": "sent back"}


def words(dimension: str, report: HeadReport) -> str:
    """Lines of Markdown."""
    lines = [
        f"## {dimension}",
        "",
        f"- Right about what more of the others prefer: {share(report.accuracy)}; by chance 50 %.",
        f"- One person against the others: {share(report.person)}.",
    ]
    for name, one in report.metrics.items():
        beyond = report.beyond[name]
        lines.append(f"- `{name}`: {share(one)}; the head beyond it: {points(beyond)}.")
    lines += _not_better(report.not_better_than)
    if report.gain is not None:
        lines.append(f"- Another {MORE_VOTES} votes, by its learning curve: {points(report.gain)}.")
    lines += _table("Category", report.categories)
    lines += _table("Generators", report.generators)
    return "\n".join(lines)


def rating_words(dimension: str, report: RatingReport) -> str:
    """Lines of Markdown on a dimension that is rated."""
    alike, person = number(report.correlation), number(report.person)
    right, of_person = share(report.accuracy), share(report.person_accuracy)
    lines = [
        f"## {dimension}",
        "",
        f"- Rank correlation with the others' mean rating: {alike}; by chance 0.",
        f"- One person against the others: {person}.",
        f"- Right about which of two images of a prompt the others rate higher: {right}.",
        f"- One person about these: {of_person}; by chance 50 %.",
    ]
    for name, one in report.metrics.items():
        right = share(report.metrics_accuracy[name])
        beyond = number(report.beyond[name], signed=True)
        lines.append(f"- `{name}`: {number(one)}; the head beyond it: {beyond}. Right: {right}.")
    lines += _not_better(report.not_better_than)
    if report.gain is not None:
        more = number(report.gain, signed=True)
        lines.append(f"- Another {MORE_VOTES} ratings, by its learning curve: {more}.")
    return "\n".join(lines)


def _not_better(names: Sequence[str]) -> list[str]:
    told = ", ".join(f"`{name}`" for name in names)
    return [f"- **It is not shown to be better than {told}.**"] if names else []


def _table(title: str, groups: Sequence[GroupAccuracy]) -> list[str]:
    """A Markdown table by group; no line where there are no groups."""
    if not groups:
        return []
    lines = ["", f"| {title} | Prompts | Votes | Head | One person |", "|---|--:|--:|--:|--:|"]
    for one in groups:
        # A bar in a name would begin another column.
        name = " / ".join(part.replace("|", "\\|") or NOT_NAMED for part in one.names)
        shares = f"{share(one.accuracy)} | {share(one.person)}"
        lines.append(f"| {name} | {one.prompts} | {one.accuracy.n} | {shares} |")
    return lines


def qc_words(qc: Mapping[str, Any]) -> str:
    """Of an export's ``qc``: each batch, what a lead has decided and what reviewers found."""
    lines = ["## What it learnt from", ""]
    for batch in qc["batches"]:
        verdict = VERDICTS.get(batch["verdict"], "nobody has decided")
        reviewed, rejected = batch["reviewed_answers"], batch["rejected_answers"]
        lines.append(
            f"- {batch['name']}: {verdict}; {reviewed} answers reviewed, {rejected} rejected."
        )
    return "\n".join(lines)


def share(estimate: Estimate) -> str:
    """In per cent, with its interval."""
    if estimate.value is None:
        return "nothing to tell"
    value = f"{100 * estimate.value:.1f} %"
    if estimate.interval is None:
        return value
    low, high = estimate.interval
    return f"{value} ({100 * low:.1f} to {100 * high:.1f})"


def points(estimate: Estimate) -> str:
    """In percentage points, with a sign."""
    if estimate.value is None:
        return "nothing to tell"
    value = f"{100 * estimate.value:+.1f} points"
    if estimate.interval is None:
        return value
    low, high = estimate.interval
    return f"{value} ({100 * low:+.1f} to {100 * high:+.1f})"


def number(estimate: Estimate, *, signed: bool = False) -> str:
    """A coefficient with its interval."""
    if estimate.value is None:
        return "nothing to tell"
    form = "{:+.3f}" if signed else "{:.3f}"
    value = form.format(estimate.value)
    if estimate.interval is None:
        return value
    low, high = (form.format(end) for end in estimate.interval)
    return f"{value} ({low} to {high})"
