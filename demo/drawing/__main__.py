"""`python -m demo.drawing [FOLDER]`: draws the images of `demo/images` anew (a minute or two)."""

import argparse
import os
import sys
from pathlib import Path

from demo.dataset import IMAGES, SEED
from demo.drawing.files import draw

PROMPTS = 24

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m demo.drawing", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    folder = parser.parse_args().folder
    drawn = draw(folder, prompts=PROMPTS, seed=SEED, processes=os.cpu_count() or 1)
    sys.stdout.write(f"{len(drawn)} images and their truth: {folder}\n")
