"""Rows by COPY are the rows that INSERT would have added."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from annotator.core import copying
from annotator.core.copying import columns_of
from annotator.items.models import Item
from annotator.projects.models import Project
from tests.rooms.exported import batch

TEXTS = (
    "plain",
    "tab\tand\\backslash",
    "two\nlines\r",
    "\\N",
    "\\.",
    "\"quoted\", 'too'",
    "日本 🙂",
)


def rows_of(project: Project, *texts: str) -> list[tuple[object, ...]]:
    """Of columns that are not in the table's order."""
    pk = batch(project).pk
    return [
        (
            text,
            str(n),
            pk,
            project.pk,
            uuid.uuid4(),
            None,
            None,
            "",
            0,
            None,
            None,
            "",
            False,
            2,
            None,
        )
        for n, text in enumerate(texts)
    ]


COLUMNS = (
    "prompt", "key", "batch_id", "project_id", "id", "excluded_at", "excluded_by_id",
    "excluded_reason", "stretch", "source_id", "selection_probability",
    "identity", "by_character", "asked", "overlap",
)  # fmt: skip


def test_every_text_arrives_as_it_was(project: Project) -> None:
    rows = rows_of(project, *TEXTS)

    copying.add(Item, COLUMNS, rows)

    assert set(Item.objects.values_list(*COLUMNS)) == set(rows)
    assert {*COLUMNS, "meta", "checklist"} == set(columns_of(Item))


def test_objects_arrive_as_they_were(project: Project) -> None:
    metas = [{"text": text, "seed": 2**53 + n, "cfg": 7.5} for n, text in enumerate(TEXTS)]
    rows = [(*row, meta) for row, meta in zip(rows_of(project, *TEXTS), metas, strict=True)]

    copying.add(Item, (*COLUMNS, "meta"), rows[:4])
    copying.add_missing(Item, (*COLUMNS, "meta"), rows)

    found = Item.objects.order_by("meta__seed").values_list("meta", flat=True)
    assert list(found) == metas


def test_a_row_that_is_there_is_refused_or_passed_over_as_asked(project: Project) -> None:
    before, *others = rows_of(project, "before", "one", "two")
    copying.add(Item, COLUMNS, [before])

    with pytest.raises(IntegrityError), transaction.atomic():
        copying.add(Item, COLUMNS, [*others, before])
    assert Item.objects.count() == 1

    for _ in range(2):
        copying.add_missing(Item, COLUMNS, [before, *others])
    assert set(Item.objects.values_list("prompt", flat=True)) == {"before", "one", "two"}
