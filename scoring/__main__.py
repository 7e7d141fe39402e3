"""`python -m scoring score IMAGES …` measures each image; other commands are scoring.folder's."""

import sys

from scoring import folder, score_folder

if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["score"]:
        sys.exit(score_folder.main(words[1:]))
    sys.exit(folder.main(words))
