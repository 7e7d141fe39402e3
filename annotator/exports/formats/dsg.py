"""`dsg`: checklists and their answers as Davidsonian Scene Graphs are published, in two tables.

Source: j-min/DSG, dsg-1k-anns.csv (propositions, questions and dependencies: ids separated by
commas, 0 for none) and vqa_answers_release/*.csv (an answer a question, image and model). Its
scores set an answer to 0 whose dependency is "no"; a skipped row is written as "no" to that end.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.exports.aggregate.rows import RULE, RowVotes, rows_of, with_checklist
from annotator.exports.aggregate.votes import Questions
from annotator.exports.formats import options
from annotator.exports.formats.format import Format, Group
from annotator.exports.formats.options import ExportOption, Options
from annotator.exports.formats.shard import Shard
from annotator.exports.read.items import ExportedItem
from annotator.exports.store.outputs import Csv
from annotator.exports.store.rows import ExportRow, Figure, Skip, Skipped, picked
from annotator.questions.checklist import CHOICES, NO
from annotator.questions.types import ChecklistRow, QuestionSpec

NO_DEPENDENCY = "0"
ROWS = Csv(
    "dsg-anns.csv",
    (
        "item_id", "text", "keywords", "proposition_id", "dependency", "category_broad",
        "category_detailed", "tuple", "question_natural_language",
    ),
)  # fmt: skip
ANSWERS = Csv(
    "answers.csv",
    (
        "dsg_prompt_split", "qg_model", "t2i_model", "item_id", "question", "question_id",
        "dependency_id", "answer", "image", "row", *CHOICES, "people",
    ),
)  # fmt: skip
SCHEMA = {
    ROWS.name: {
        "item_id, text": "the uploader's name for the item, or its id; the prompt",
        "proposition_id, dependency": "the row's place, from 1; those that it depends on, 0: none",
        "category_broad, category_detailed": "the row's skill, before and after a colon or dash",
        "question_natural_language": "the row",
        "keywords, tuple": "empty: rows are not taken apart",
    },
    ANSWERS.name: {
        "dsg_prompt_split, qg_model": "the prompt's category; triptych",
        "t2i_model, item_id": "the generator; as above",
        "question, question_id, dependency_id": "the row, as above",
        "answer": f"yes or no: {RULE}; skipped is no",
        "image, row": "the image's name in this folder; the row's own id",
        "yes, no, unsure, people": "votes, and how many people answered the checklist at all",
    },
}
SNIPPET = """\
import pandas
rows = pandas.read_csv("THIS_FOLDER/answers.csv")
print(rows.assign(yes=rows.answer == "yes").groupby("t2i_model").yes.mean())"""
README = [
    "answers.csv has the columns of DSG's vqa_answers_release, people in the place of a model, and",
    "after them the votes; the share of yes of an image is its score with dependencies.",
]


def misfit(questions: Questions) -> Reason | None:
    """It needs a checklist."""
    return None if with_checklist(questions) else Reason(Code.NO_CHECKLIST)


def dimension(questions: Questions) -> tuple[ExportOption, ...]:
    """Which question goes through it."""
    return (options.question("dimension", [one.key for one in with_checklist(questions)]),)


def asked(questions: Questions, chosen: Options) -> tuple[QuestionSpec, ...]:
    """The question that was chosen."""
    return tuple(one for one in questions if one.key == chosen.text("dimension"))


def rows(shard: Shard) -> Iterator[ExportRow | Skip]:
    """A line a row of each table; a row of which people are not sure has no answer."""
    (question,) = shard.asked
    for item in shard.items:
        votes = rows_of(item, question)
        if not votes:
            yield Skip(Skipped.NOBODY_ANSWERED, question.key)
            continue
        for place, one in enumerate(votes, 1):
            yield _proposition(item, place, one.row)
            if one.skipped or one.sure:
                yield _answer(shard, item, place, one)
            else:
                yield one.unsure(question)


def _dependency(checklist: Sequence[ChecklistRow], row: ChecklistRow) -> str:
    places = {one.id: str(place) for place, one in enumerate(checklist, 1)}
    return ",".join(places[one] for one in row.depends_on) or NO_DEPENDENCY


def _proposition(item: ExportedItem, place: int, row: ChecklistRow) -> ExportRow:
    broad, detailed = _categories(row.kind)
    value: dict[str, Any] = {
        "item_id": item.key or item.id,
        "text": item.prompt,
        "keywords": "",
        "proposition_id": place,
        "dependency": _dependency(item.checklist, row),
        "category_broad": broad,
        "category_detailed": detailed,
        "tuple": "",
        "question_natural_language": row.text,
    }
    return ExportRow(to=(ROWS,), value=value, items=(item,), rows=0)


def _categories(kind: str) -> tuple[str, str]:
    for between in (":", " - "):
        broad, found, detailed = kind.partition(between)
        if found:
            return broad.strip(), detailed.strip()
    return kind, ""


def _answer(shard: Shard, item: ExportedItem, place: int, votes: RowVotes) -> ExportRow:
    image = item.images[0]
    copies = shard.copies(image)
    value: dict[str, Any] = {
        "dsg_prompt_split": str(item.meta.get("category", "")),
        "qg_model": "triptych",
        "t2i_model": image.generator,
        "item_id": item.key or item.id,
        "question": votes.row.text,
        "question_id": place,
        "dependency_id": _dependency(item.checklist, votes.row),
        "answer": votes.sure or NO,
        "image": shard.name_of(image) if copies else None,
        "row": votes.row.id,
        **{name: votes.votes.get(name, 0) for name in CHOICES},
        "people": votes.people,
    }
    return ExportRow(
        to=(ANSWERS,),
        value=value,
        items=(item,),
        copies=copies,
        figures=(Figure("image", image),),
        facts=picked(value, "t2i_model", "question", "dependency_id", "answer", *CHOICES),
    )


DSG = Format(
    name="dsg",
    version="1",
    group=Group.TABLES,
    misfit=misfit,
    options=(dimension, options.PARTIAL, options.IMAGES_ASKED, options.ENCODING),
    asked=asked,
    outputs=lambda shard: (ROWS, ANSWERS),
    rows=rows,
    aggregation={"rule": RULE},
    schema=SCHEMA,
    snippet=SNIPPET,
    readme=README,
)
