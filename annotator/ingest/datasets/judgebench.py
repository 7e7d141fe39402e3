"""Lists of pairs by their judges: MMRB2 and EditReward-Data.

Sources: facebookresearch/MMRB2, benchmark/t2i.json (three annotators, 1 to 6, 4 and more for
response a), and TIGER-AI-Lab/EditReward's loader (path1 is the better one; scores of 1 to 4 in two
dimensions).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from annotator.ingest.datasets.layout import (
    Dataset,
    PublishedLayout,
    UploadedFiles,
    chosen,
    image,
    rated,
    vote,
)
from annotator.ingest.datasets.records import Record, has_keys, rows_of_lists
from annotator.ingest.datasets.resolving import Resolver
from annotator.ingest.rows import Raw

LISTS = (".json", ".jsonl")
PAIRS = "pairs"
STEPS, MIDDLE = 6, 3.5
DIMENSIONS = {"instruction_following": "dim1", "visual_quality": "dim2"}


def recognise_mmrb2(files: UploadedFiles) -> Dataset | None:
    """By its responses and their annotations."""
    needed = {"prompt_content", "response_a", "response_b", "human_annotations"}
    lists = [name for name in files.ending(*LISTS) if has_keys(files, name, needed, PAIRS)]
    return Dataset(lambda: _compared(files, lists), files.read) if lists else None


def _compared(files: UploadedFiles, lists: list[str]) -> Iterator[Raw]:
    return rows_of_lists(files, lists, partial(_pair, Resolver(files)), PAIRS)


def _pair(resolver: Resolver, name: str, record: Record) -> dict[str, Any]:
    sides = (record["response_a"], record["response_b"])
    grades = [one for one in record["human_annotations"] if isinstance(one, int | float)]
    return {
        "id": record.get("id"),
        "prompt": _text_in(record["prompt_content"]),
        "images": [
            image(resolver.of(name, _path_in(side)), side.get("model_name")) for side in sides
        ],
        "votes": [vote({"overall": _graded(grade)}) for grade in grades],
        "meta": {f"grade_{place}": one for place, one in enumerate(grades, 1)},
    }


def _graded(grade: float) -> list[dict[str, Any]]:
    """For a graded question of as many steps, and for one that asks for the side alone."""
    side = chosen("a" if grade > MIDDLE else "b")
    return [{"grade": STEPS + 1 - grade, "steps": STEPS}, side]


def _path_in(side: Record) -> str:
    """The last image of an answer of texts and images."""
    content = side.get("response_content") or []
    paths = [str(part[1]) for part in content if part and part[0] == "image"]
    return paths[-1] if paths else ""


def _text_in(prompt: Any) -> str:
    parts = [part for part in prompt or [] if isinstance(part, list) and part[0] == "text"]
    return " ".join(str(part[1]) for part in parts)


def recognise_editreward(files: UploadedFiles) -> Dataset | None:
    """By its paths of a source and two results."""
    needed = {"prompt", "path_src", "path1", "path2"}
    lists = [name for name in files.ending(*LISTS) if has_keys(files, name, needed)]
    return Dataset(lambda: _edited(files, lists), files.read) if lists else None


def _edited(files: UploadedFiles, lists: list[str]) -> Iterator[Raw]:
    return rows_of_lists(files, lists, partial(_edit, Resolver(files)))


def _edit(resolver: Resolver, name: str, record: Record) -> dict[str, Any]:
    source = resolver.of(name, record["path_src"])
    images = [
        {
            **image(resolver.of(name, record[f"path{n}"]), record.get(f"model{n}")),
            # The results are measured against it, too.
            "reference": source,
        }
        for n in (1, 2)
    ]
    edit = {"prompt": record["prompt"], "source_image": source, "images": images}
    return {**edit, "votes": _votes(record)}


def _votes(record: Record) -> list[dict[str, Any]]:
    overall = [record.get(f"model{n}_overall_score") for n in (1, 2)]
    tied = None not in overall and overall[0] == overall[1]
    answers: dict[str, Any] = {"overall": chosen("tie" if tied else "a")}
    for question, dimension in DIMENSIONS.items():
        scores = [_whole(record.get(f"model{n}_{dimension}_score")) for n in (1, 2)]
        if None not in scores:
            answers[question] = rated(scores)
    return [vote(answers)]


def _whole(score: object) -> int | None:
    """A mean of several people's scores is no answer of anybody."""
    return int(score) if isinstance(score, int | float) and score == int(score) else None


MMRB2 = PublishedLayout("mmrb2", recognise_mmrb2)
EDITREWARD = PublishedLayout("editreward", recognise_editreward)
