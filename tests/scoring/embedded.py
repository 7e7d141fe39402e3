"""Weights that come in a package, put where those of the metrics lie."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from scoring.weights.files import REGISTRY


def efficientnet_lite0(root: Path) -> Path:
    """Puts the published file into a folder of weights, which it returns."""
    (file,) = REGISTRY["efficientnet-lite0"].files
    spec = find_spec(file.package)
    assert spec is not None
    assert spec.submodule_search_locations
    (root / file.folder).mkdir()
    shutil.copy(Path(spec.submodule_search_locations[0], "models", file.name), root / file.place)
    return root
