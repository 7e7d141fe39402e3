"""What stands in an export's folder about the rows: its manifest and its README."""

from typing import Any

from annotator.core import words
from annotator.exports.aggregate.beliefs import report_of
from annotator.exports.formats.format import Format, WholeExport, loading, told
from annotator.exports.formats.options import ALL_SETTLED, SIGNED_OFF
from annotator.exports.read.facts import Facts, stamp
from annotator.exports.read.spool import Spool

CREATED_AT_IS = "the newest change in the data, so that the same data gives the same bytes"


def manifest_of(spool: Spool, form: Format, whole: WholeExport) -> dict[str, Any]:
    """The manifest without its files."""
    facts, total = whole.facts, whole.total
    weighed = report_of(spool)
    return {
        "format": form.name,
        "format_version": form.version,
        "project": {
            "id": facts.project,
            "name": facts.name,
            "template": facts.template,
            "overlap": facts.overlap,
            "questions": [
                {"id": question.key, "type": question.kind} for question in facts.questions
            ],
        },
        "created_at": stamp(facts.created_at),
        "created_at_is": CREATED_AT_IS,
        "rows": total.rows,
        "items": total.items,
        "items_overridden": facts.overridden,
        "aggregation": {
            **told(form.aggregation, whole),
            **({"dawid_skene": weighed} if weighed else {}),
        },
        "options": dict(whole.options.values),
        "qc": _qc(facts),
        "counts": total.counts,
        "left_out": {
            **total.skipped,
            "items_not_settled": facts.not_settled,
            "items_excluded": facts.excluded,
        },
        "schema": dict(told(form.schema, whole)),
    }


def _qc(facts: Facts) -> dict[str, Any]:
    """Which batches the rows may be of, and what a lead and the reviewed samples say of each."""
    return {
        "answers_of": SIGNED_OFF if facts.signed_off else ALL_SETTLED,
        "batches": [
            {
                "id": batch.id,
                "name": batch.name,
                "verdict": batch.verdict,
                "verdict_at": stamp(batch.verdict_at) if batch.verdict_at else None,
                "sampled_items": batch.sampled,
                "reviewed_answers": batch.reviewed,
                "rejected_answers": batch.rejected,
                "rule": {"reviewed": batch.needed, "rejected_at_most": batch.allowed},
                "rule_says": batch.outcome,
            }
            for batch in facts.batches
        ],
    }


def readme_of(form: Format, whole: WholeExport) -> str | None:
    """The README.md: what the folder is, and code that loads it; None for formats without one."""
    lines = told(form.readme, whole)
    if lines is None:
        return None
    title = words.catalog("exports")["formats"][form.name]["title"]
    code = [f"```{form.language}", loading(form, whole.options.values), "```"]
    return "\n".join([*told(form.card, whole), f"# {title}", "", *code, "", *lines, ""])
