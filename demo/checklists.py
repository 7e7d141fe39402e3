"""The checklists of the demo's prompts: what each phrase asks for, by the words that say it."""

from typing import Any

from demo.drawing.scenes import Phrase, Scene

Row = dict[str, Any]


def rows_of(scene: Scene) -> list[Row]:
    """The rows of a prompt, as a manifest has them; each row's id ends with the word's number."""
    return [row for phrase in scene.phrases for row in _of_phrase(phrase)]


def token_of(row: str) -> int | None:
    """Which word of the prompt a row is about, by its id; None for rows of other checklists."""
    number = row.rpartition("-")[2]
    return int(number) if number.isdecimal() else None


def _of_phrase(phrase: Phrase) -> list[Row]:
    """One thing: whether it is there, and then its colour. Several: how many, and their colour."""
    if phrase.count == 1:
        there = f"object-{phrase.shape_token}"
        return [
            {"id": there, "text": f"Is there a single {phrase.shape}?", "kind": "object"},
            {
                "id": f"colour-{phrase.colour_token}",
                "text": f"Is the {phrase.shape} {phrase.colour}?",
                "kind": "colour",
                "depends_on": [there],
            },
        ]
    things = f"{phrase.shape}s"
    return [
        {
            "id": f"count-{phrase.count_token}",
            "text": f"Are there exactly {phrase.count} {things}?",
            "kind": "counting",
        },
        {
            "id": f"colour-{phrase.colour_token}",
            "text": f"Are all {things} {phrase.colour}?",
            "kind": "colour",
        },
    ]
