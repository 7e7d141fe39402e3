"""A reward model's folder: the model, its report in figures, and a card with it in words."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scoring.rewards import model
from scoring.rewards.rated import RatedReport
from scoring.rewards.training import FEWEST_PROMPTS, DimensionReport, Trained
from scoring.rewards.wording import qc_words, rating_words, words

REPORT = "report.json"
CARD = "README.md"


Qc = Mapping[str, Any]
"""What an export's manifest says under ``qc``: its batches, each with verdict and sample."""


def write(
    trained: Trained, folder: Path, *, seed: int = 0, licence: str = "", qc: Qc | None = None
) -> None:
    """Writes head.safetensors, config.json, report.json and README.md.

    ``licence`` is that of the votes, "" where nobody says; so is ``qc``, None.
    """
    reports: list[DimensionReport | RatedReport] = [*trained.reports, *trained.rated]
    votes = {one.dimension: one.votes for one in reports}
    model.save(trained.model, folder, votes=votes, seed=seed, license=licence, qc=qc)
    told = {one.dimension: asdict(one) for one in reports}
    _write(folder / REPORT, json.dumps(told, indent=2, default=str, ensure_ascii=False))
    _write(folder / CARD, _card(trained, licence, qc))


def told_in_words(trained: Trained) -> str:
    """Every dimension's report as Markdown, and what no head was learnt of."""
    parts = [words(one.dimension, one.report) for one in trained.reports]
    parts += [rating_words(one.dimension, one.report) for one in trained.rated]
    parts += [_few_words(trained.few)] if trained.few else []
    return "\n\n".join(parts)


def _few_words(few: Mapping[str, int]) -> str:
    """A line of Markdown on dimensions without a head."""
    names = ", ".join(f"{name} ({n})" for name, n in few.items())
    return f"No head of dimensions with votes on fewer than {FEWEST_PROMPTS} prompts: {names}."


def _write(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", encoding="utf-8")


def _card(trained: Trained, licence: str, qc: Qc | None) -> str:
    learnt_from = f"\n\n{qc_words(qc)}" if qc and qc["batches"] else ""
    license_line = f"license: {licence}\n" if licence else ""
    return f"""---
{license_line}tags: [reward-model, text-to-image]
---
# Reward model on {trained.model.network}

Linear heads over features of a frozen network, learnt from people's votes on pairs of images or
from their ratings. They see images alone: prompts say nothing to them but which images belong
together.

```python
from scoring.images import read_rgb
from scoring.rewards.model import load
scorer = load("THIS_FOLDER", weights="WEIGHTS")
print(scorer.score([read_rgb("a.png"), read_rgb("b.png")]))
```

Differences of two images' scores are log-odds: of which is preferred, or of a higher rating. All
figures are of prompts on which the head that is judged has seen no vote.

{told_in_words(trained)}{learnt_from}"""
