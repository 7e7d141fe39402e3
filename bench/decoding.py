"""The ceiling of an import, for processes that know no Django."""

import time
from pathlib import Path

from PIL import Image

from annotator.items.derivatives import derive


def decode(file: Path, thumbnail: int) -> float:
    """Decodes a file and encodes its derivatives; the CPU seconds that it took."""
    started = time.process_time()
    with Image.open(file) as image:
        derive(image.convert("RGB"), thumbnail)
    return time.process_time() - started
