"""`python -m scoring score IMAGES …` measures each image, `train` learns a reward model; other
commands are scoring.folder's.
"""

import sys

from scoring import folder, score_folder
from scoring.rewards import command

COMMANDS = {"score": score_folder.main, "train": command.main}

if __name__ == "__main__":
    words = sys.argv[1:]
    if words and words[0] in COMMANDS:
        sys.exit(COMMANDS[words[0]](words[1:]))
    sys.exit(folder.main(words))
