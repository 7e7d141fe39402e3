"""`python -m demo.drawing [FOLDER]`: draws the images of `demo/images` anew (a minute or two)."""

import os
import sys
from pathlib import Path

from demo.dataset import IMAGES, SEED
from demo.drawing.files import draw

PROMPTS = 24

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    drawn = draw(folder, prompts=PROMPTS, seed=SEED, processes=os.cpu_count() or 1)
    sys.stdout.write(f"{len(drawn)} images and their truth: {folder}\n")
