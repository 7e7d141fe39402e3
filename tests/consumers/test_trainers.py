"""Exports for trainers, found by the command lines that their READMEs give."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import datasets
import pytest
from hydra import compose, initialize
from hydra.core.config_store import ConfigStore
from hydra.errors import ConfigCompositionException
from omegaconf import MISSING

from tests.rooms.exported import batch, made, pair_project, voted


@dataclass
class PickScoreDataset:
    """The fields of PickScore's `dataset` that name one: trainer/datasetss/clip_hf_dataset.py."""

    dataset_name: str = "yuvalkirstain/pickapic_v1"
    dataset_config_name: str = "null"
    train_split_name: str = "train"
    valid_split_name: str = "validation_unique"
    test_split_name: str = "test_unique"


@dataclass
class PickScoreTrainer:
    """Its groups by their names: trainer/configs/configs.py."""

    defaults: list[Any] = field(default_factory=lambda: [{"dataset": "clip"}, "_self_"])
    dataset: Any = MISSING


def composed(*words: str) -> Any:
    """What PickScore's hydra makes of a command line; it refuses a word that names no field."""
    store = ConfigStore.instance()
    store.store(group="dataset", name="clip", node=PickScoreDataset)
    store.store(name="pickscore", node=PickScoreTrainer)
    with initialize(version_base=None, config_path=None):
        return compose("pickscore", overrides=list(words)).dataset


@pytest.mark.filterwarnings("ignore")  # of hydra's, about omegaconf's newer names
@pytest.mark.django_db(transaction=True)
def test_pickscores_command_line_names_the_export_and_its_splits(tmp_path: Path) -> None:
    # Of so many prompts no split stays empty.
    project = pair_project(seed="7" * 64)
    in_batch = batch(project)
    for key in map(str, range(40)):
        voted(project, in_batch, key, "aab")
    folder = made(project, "pickapic", tmp_path / "out", split="40/30/30")
    text = (folder / "README.md").read_text().replace("THIS_FOLDER", str(folder))

    words = re.findall(r"dataset\.\w+=[^\s`]+", text)
    found = composed(*words)

    assert len(words) == 2
    for name in ("train", "valid", "test"):
        split: Any = datasets.load_dataset(
            found.dataset_name,
            found.dataset_config_name,
            split=found[f"{name}_split_name"],
            cache_dir=str(tmp_path / "cache"),
        )
        assert {"jpg_0", "jpg_1", "label_0", "caption"} <= set(split.column_names)
        assert len(split) > 0
    with pytest.raises(ConfigCompositionException):
        composed("dataset.config_name=default")
