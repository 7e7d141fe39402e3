"""What stands in an export's folder about the rows: its manifest and its README."""

from typing import Any

from annotator.core import words
from annotator.core.reasons import Code, Reason, as_json, sentence
from annotator.exports.aggregate.beliefs import report_of
from annotator.exports.card import card_of
from annotator.exports.formats.format import (
    Format,
    WholeExport,
    empty_splits,
    loading,
    told,
)
from annotator.exports.formats.options import ALL_SETTLED, SIGNED_OFF
from annotator.exports.read.facts import Facts, stamp
from annotator.exports.read.spool import Spool
from scoring.prompts import NORMAL_FORM

SPLIT_BY = f"drawn by the prompt in its normal form: {NORMAL_FORM}"
WITHOUT_IMAGES = "The images were left out: what rows name, they name by its content (SHA-256)."
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
            "question_versions": [list(keys) for keys in facts.versions],
        },
        "created_at": stamp(facts.created_at),
        "created_at_is": CREATED_AT_IS,
        "rows": total.rows,
        "items": total.items,
        "items_overridden": facts.overridden,
        **({"items_of_one_person": facts.single} if facts.single else {}),
        "aggregation": {
            **told(form.aggregation, whole),
            **({"split": SPLIT_BY} if "split" in whole.options.values else {}),
            **({"dawid_skene": weighed} if weighed else {}),
        },
        "options": dict(whole.options.values),
        "qc": qc_of(facts),
        "counts": total.counts,
        "left_out": {
            **total.skipped,
            "items_not_settled": facts.not_settled,
            "items_excluded": facts.excluded,
        },
        "warnings": [as_json(one) for one in warnings_of(form, whole)],
        "schema": dict(told(form.schema, whole)),
    }


def warnings_of(form: Format, whole: WholeExport) -> list[Reason]:
    """What somebody who trains on the export should know before."""
    empty, single = empty_splits(form, whole), whole.facts.single
    found = [Reason(Code.SPLITS_EMPTY, names=empty)] if empty else []
    if single:
        found.append(Reason(Code.ITEMS_OF_ONE_PERSON, count=single, items=whole.facts.items))
    return found


def qc_of(facts: Facts) -> dict[str, Any]:
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


def readme_of(form: Format, whole: WholeExport) -> str:
    """The README.md: what the folder is, code that loads it, and what to know before."""
    lines = [*told(form.readme, whole)]
    for one in warnings_of(form, whole):
        lines += ["", sentence(one)]
    if whole.options.values.get("images") is False:
        lines += ["", WITHOUT_IMAGES]
    title = words.catalog("exports")["formats"][form.name]["title"]
    code = [f"```{form.language}", loading(form, whole.options.values), "```"]
    return "\n".join([*card_of(form, whole), f"# {title}", "", *code, "", *lines, ""])
