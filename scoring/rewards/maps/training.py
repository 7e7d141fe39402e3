"""From an exported `heatmaps` folder to map heads, their report and a card."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from scoring.arrays import Floats
from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.reasons import Code, Reason, Refusal
from scoring.rewards.maps import model
from scoring.rewards.maps.head import MapHead, learnt, shrunk
from scoring.rewards.maps.people import Line, MarkedImage, drawn, marked_images
from scoring.rewards.maps.report import Likeness, MapReport, held_out, map_report
from scoring.rewards.model import BATCH
from scoring.rewards.training import FEWEST_PROMPTS
from scoring.rewards.wording import number
from scoring.statistics.resampling import dense

MAPS, POINTS = "heatmaps.jsonl", "points.jsonl"
REPORT, CARD = "maps_report.json", "MAPS.md"


def train(export: Path, out: Path, engine: Engine, *, seed: int = 0) -> str:
    """Writes map heads, their report and a card into ``out``; what the card says of each.

    Raises OSError, ValueError, Refusal where no flaw has answers on FEWEST_PROMPTS prompts.
    """
    flaws = _enough(marked_images(_lines(export / MAPS), _lines(export / POINTS)))
    names = sorted({one.image for marked in flaws.values() for one in marked})
    cells = _looked_at(export, names, engine)
    place = {name: at for at, name in enumerate(names)}
    heads: dict[str, MapHead] = {}
    reports: dict[str, MapReport] = {}
    for flaw, marked in flaws.items():
        of_flaw = cells[[place[one.image] for one in marked]]
        heads[flaw], reports[flaw] = learnt_and_judged(marked, of_flaw, seed=seed)
    model.save(heads, out)
    words = "\n\n".join(_words(flaw, report) for flaw, report in reports.items())
    told = {flaw: asdict(report) for flaw, report in reports.items()}
    _write(out / REPORT, json.dumps(told, indent=2, default=str, ensure_ascii=False))
    _write(out / CARD, f"# Maps of where people would mark flaws\n\n{words}")
    return words


def learnt_and_judged(
    marked: Sequence[MarkedImage], cells: Floats, *, seed: int = 0
) -> tuple[MapHead, MapReport]:
    """The head of all images, and how good heads are on prompts held out."""
    heat = np.stack([drawn(one.people) for one in marked])
    told, mean = held_out(marked, cells, heat, seed=seed)
    prompts = dense([one.prompt for one in marked])
    return learnt(cells, shrunk(heat), prompts, seed=seed), map_report(marked, told, mean)


def _enough(found: dict[str, list[MarkedImage]]) -> dict[str, list[MarkedImage]]:
    prompts = {flaw: len({one.prompt for one in marked}) for flaw, marked in found.items()}
    enough = {flaw: found[flaw] for flaw, n in prompts.items() if n >= FEWEST_PROMPTS}
    if not enough:
        most = max(prompts.values(), default=0)
        raise Refusal(Reason(Code.HEAD_NEEDS_PROMPTS, n=most, least=FEWEST_PROMPTS))
    return enough


def _looked_at(export: Path, names: Sequence[str], engine: Engine) -> Floats:
    rows = []
    for at in range(0, len(names), BATCH):
        some = names[at : at + BATCH]
        rows.append(model.cells_of([read_rgb(export / name) for name in some], engine))
    return np.concatenate(rows)


def _lines(path: Path) -> list[Line]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _write(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", encoding="utf-8")


def _words(flaw: str, report: MapReport) -> str:
    """Lines of Markdown."""
    rows = {
        "Head": report.head,
        "One person": report.person,
        "Mean map of other prompts": report.mean_map,
    }
    return "\n".join([
        f"## {flaw}",
        "",
        f"Held against what the others marked, {report.people} times, on prompts held out.",
        "",
        "| | CC | KLD | AUC-Judd |",
        "|---|--:|--:|--:|",
        *(_row(name, likeness) for name, likeness in rows.items()),
        "",
        f"The head's CC beyond the mean map's: {number(report.beyond, signed=True)}.",
    ])  # fmt: skip


def _row(name: str, likeness: Likeness) -> str:
    return f"| {name} | {number(likeness.cc)} | {number(likeness.kld)} | {number(likeness.auc)} |"
