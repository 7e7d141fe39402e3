"""A report in words: what a head comes to, beside people, metrics and chance."""

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.rewards.groups import GroupAccuracy
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
    if worse := report.not_better_than:
        names = ", ".join(f"`{name}`" for name in worse)
        lines.append(f"- **It is not shown to be better than {names}.**")
    if report.gain is not None:
        lines.append(f"- Another {MORE_VOTES} votes, by its learning curve: {points(report.gain)}.")
    lines += _table("Category", report.categories)
    lines += _table("Generators", report.generators)
    return "\n".join(lines)


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
