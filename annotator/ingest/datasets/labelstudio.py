"""Label Studio's JSON export of pairs: tasks with their annotations.

Source: labelstud.io, "Label Studio Task Format" and the tag Pairwise: a result of type pairwise has
`selected` left or right, and `to_name` the two objects; one of type rating has `rating`.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    chosen,
    rated,
    row_of,
    vote,
)
from annotator.ingest.datasets.records import Record, heads_of, rows_of_lists
from annotator.ingest.datasets.resolving import Resolver
from annotator.ingest.rows import Raw
from annotator.items.models import LETTERS

IMAGES = (".png", ".jpg", ".jpeg", ".webp")
PROMPTS = ("prompt", "caption", "text", "instruction")
SIDES = ("left", "right")


def recognise(files: UploadedFiles) -> Dataset | None:
    """By the keys of its tasks."""
    lists = [name for name in files.ending(".json") if any(map(_is_export, heads_of(files, name)))]
    return Dataset(lambda: _rows(files, lists), files.read) if lists else None


def _is_export(first: Record) -> bool:
    return isinstance(first.get("data"), dict) and isinstance(first.get("annotations"), list)


def _rows(files: UploadedFiles, lists: list[str]) -> Iterator[Raw]:
    return rows_of_lists(files, lists, partial(_item, Resolver(files)))


def _item(resolver: Resolver, name: str, task: Record) -> dict[str, Any]:
    data = task["data"]
    shown = {key: value for key, value in sorted(data.items()) if _is_image(value)}
    keys = list(shown)
    about = {
        "id": f"task {task['id']}" if "id" in task else None,
        "prompt": next((data[key] for key in PROMPTS if isinstance(data.get(key), str)), None),
        "votes": [one for given in task["annotations"] if (one := _vote(given, keys)) is not None],
    }
    paths = [resolver.of(name, path) for path in shown.values()]
    return row_of(about, paths, [data.get(f"{key}_model") for key in shown])


def _is_image(value: object) -> bool:
    return isinstance(value, str) and value.lower().partition("&")[0].endswith(IMAGES)


def _vote(given: Record, keys: Sequence[str]) -> dict[str, Any] | None:
    """One annotation, of the images under these keys; a cancelled one says nothing."""
    if given.get("was_cancelled"):
        return None
    answers: dict[str, Any] = {}
    for result in given.get("result") or ():
        name, value = str(result.get("from_name")), result.get("value") or {}
        if result.get("type") == "pairwise" and value.get("selected") in SIDES:
            places = _sides_of(result.get("to_name"), keys)
            answers[name] = chosen(LETTERS[places[SIDES.index(value["selected"])]])
        elif result.get("type") == "rating" and isinstance(value.get("rating"), int):
            place = _place_of(result.get("to_name"), keys)
            if place is not None:
                given_here = answers.setdefault(name, rated([]))
                given_here["ratings"][LETTERS[place]] = value["rating"]
    by = given.get("completed_by")
    judge = by.get("email") or by.get("id") if isinstance(by, dict) else by
    return vote(answers, judge=judge) if answers else None


def _place_of(to_name: object, keys: Sequence[str]) -> int | None:
    """Which image a tag is about, where its object is called as the image's key or is the only."""
    if to_name in keys:
        return keys.index(str(to_name))
    return 0 if len(keys) == 1 else None


def _sides_of(to_names: object, keys: Sequence[str]) -> Sequence[int]:
    """What was left and what right: objects in the tag's order, where they are called as images."""
    if isinstance(to_names, list) and len(to_names) == len(SIDES) and {*to_names} <= {*keys}:
        return [keys.index(name) for name in to_names]
    return range(len(SIDES))


LABEL_STUDIO = PublishedLayout("label-studio", recognise)
