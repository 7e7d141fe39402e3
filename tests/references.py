"""Makes other people's implementations importable, to compare ours with.

Import this before anything that may look for torchvision (torch-fidelity, pytorch-fid, clean-fid,
lpips, piq, open_clip, transformers). The registry's torchvision is linked against CUDA: beside the
CPU build of torch its compiled half does not load, and its Python half then fails on two operators
whose schemas nobody defined. Defining the schemas is enough; an operator that is really called
still raises, so nothing is faked. Beside a matching torch this does nothing.
"""

import importlib.util
import os
from pathlib import Path

import torch

os.environ.setdefault("HF_HUB_OFFLINE", "1")


def _schemas() -> torch.library.Library | None:
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        raise ImportError("torchvision is among the development requirements: `make dev`")
    try:
        torch.ops.load_library(str(Path(spec.origin).with_name("_C.so")))  # type: ignore[no-untyped-call]
    except OSError:
        library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
        for operator in ("nms", "qnms"):
            schema = f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            library.define(schema)  # type: ignore[no-untyped-call]
        return library
    return None


# Has to stay referenced: the schemas go with it.
LIBRARY = _schemas()
