"""Argilla 2's datasets on the hub: parquet with images, and `QUESTION.responses` beside `.users`.

Source: docs.argilla.io, "Import and export": of each question three lists of one length, what was
answered, by whom, and in what status. A choice between two images names one of their columns.
"""

from collections.abc import Iterator
from typing import Any

from annotator.ingest.datasets.columns import (
    ImagesInside,
    image_name,
    is_image,
    rows_of,
    schema_of,
)
from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    chosen,
    made,
    rated,
    row_of,
    vote,
)
from annotator.ingest.rows import Raw
from annotator.items.models import LETTERS

RESPONSES = ".responses"
PROMPTS = ("prompt", "instruction", "caption", "text")
EVEN = ("tie", "both", "both_good", "equal", "equally_good")
BAD = ("neither", "none", "both_bad")


def recognise(files: UploadedFiles) -> Dataset | None:
    """By columns of responses beside images."""
    shards = [name for name in files.ending(".parquet") if _is_shard(files, name)]
    return Dataset(lambda: _rows(files, shards), ImagesInside(files).read) if shards else None


def _is_shard(files: UploadedFiles, name: str) -> bool:
    schema = schema_of(files, name)
    return any(map(is_image, schema.values())) and any(one.endswith(RESPONSES) for one in schema)


def _rows(files: UploadedFiles, shards: list[str]) -> Iterator[Raw]:
    line = 0
    for shard in shards:
        schema = schema_of(files, shard)
        columns = [name for name, kind in schema.items() if is_image(kind)]
        questions = [name.removesuffix(RESPONSES) for name in schema if name.endswith(RESPONSES)]
        told = [name for name in schema if name in ("id", *PROMPTS) or RESPONSES in name]
        for row, found in enumerate(rows_of(files, shard, told)):
            line += 1
            images = [image_name(shard, row, column) for column in columns]
            yield made(line, _item, found, questions, columns, images)


def _item(
    found: dict[str, Any], questions: list[str], columns: list[str], images: list[str]
) -> dict[str, Any]:
    prompt = next((found[name] for name in PROMPTS if found.get(name)), None)
    votes = list(_votes(found, questions, columns))
    return row_of({"id": found.get("id"), "prompt": prompt, "votes": votes}, images)


def _votes(
    found: dict[str, Any], questions: list[str], columns: list[str]
) -> Iterator[dict[str, Any]]:
    """One of each person, with all that they submitted."""
    people: dict[str, dict[str, Any]] = {}
    for question in questions:
        given = found.get(question + RESPONSES) or ()
        users = found.get(f"{question}{RESPONSES}.users") or [""] * len(given)
        statuses = found.get(f"{question}{RESPONSES}.status") or ["submitted"] * len(given)
        for value, user, status in zip(given, users, statuses, strict=False):
            answer = _answer(value, columns)
            if status == "submitted" and answer is not None:
                people.setdefault(str(user), {})[question] = answer
    for user, answers in people.items():
        yield vote(answers, judge=user)


def _answer(value: object, columns: list[str]) -> dict[str, Any] | None:
    if isinstance(value, int):
        # Of a record, which is an image where it has but one.
        return rated([value]) if len(columns) == 1 else None
    if value in columns:
        return chosen(LETTERS[columns.index(str(value))])
    if value in EVEN:
        return chosen("tie")
    return chosen("both_bad") if value in BAD else None


ARGILLA = PublishedLayout("argilla", recognise)
