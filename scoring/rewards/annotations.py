"""The ratings in an exported `annotations` folder: what counts of all that was ever said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scoring.rewards.ratings import RatingRow

Line = Mapping[str, Any]
"""A line of annotations.jsonl."""


def rating_rows(lines: Iterable[Line]) -> list[RatingRow]:
    """Everybody's ratings of each image of an item, by question; images by their files' names.

    What counts are accepted answers as they are now, and imported ones where the project counts
    them; a lead's override stands alone. Raises ValueError where the folder has no images.
    """
    by_item: dict[str, list[Line]] = {}
    for line in lines:
        by_item.setdefault(line["item"]["id"], []).append(line)
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for item, all_of_it in by_item.items():
        for number, line in enumerate(_counting(all_of_it)):
            people = [line["annotator"] or f"imported-{number}"]
            if line["imported"] and (count := line["imported"]["count"]) > 1:
                people = [f"imported-{number}-{each}" for each in range(count)]
            for question, letter, value in _ratings(line["answers"]):
                row = found.setdefault((item, question, letter), _row(line, question, letter))
                row["ratings"] += [(person, value) for person in people]
    return list(found.values())


def _counting(lines: Sequence[Line]) -> list[Line]:
    overrides = [line for line in lines if line["override"] is not None]
    return overrides or [
        line
        for line in lines
        if line["current"]
        and line["counted"]
        and (line["state"] == "accepted" or line["imported"] is not None)
    ]


def _ratings(answers: Mapping[str, Any]) -> Iterable[tuple[str, str, float]]:
    """Question, image's letter and number of every rating; that none applies is no rating."""
    for question, answer in answers.items():
        if isinstance(answer, Mapping) and isinstance(answer.get("ratings"), Mapping):
            for letter, value in answer["ratings"].items():
                if value is not None:
                    yield question, letter, float(value)


def _row(line: Line, question: str, letter: str) -> dict[str, Any]:
    image = next(one for one in line["images"] if one["letter"] == letter)
    if image["file"] is None:
        raise ValueError("the export holds no images: ask for it with `images`")
    return {
        "prompt": line["item"]["prompt"],
        "dimension": question,
        "item": line["item"]["id"],
        "image": image["file"],
        "ratings": [],
    }
