"""The whole loop of a training script: push samples, wait for people, train on what they said.

    python examples/whole_loop.py URL TOKEN PROJECT FOLDER

Needs `pip install ./client[datasets]` and pillow. FOLDER is for what is pulled.
"""

import sys
from pathlib import Path

from PIL import Image
from triptych_client import Triptych


def samples(step: int) -> list[Image.Image]:
    """Stands for your model: an image a prompt."""
    return [Image.new("RGB", (64, 64), (step, 80 * number, 90)) for number in range(2)]


def main(url: str, token: str, project_id: int, folder: Path) -> int:
    project = Triptych(url, token).project(project_id)
    project.push(
        images=list(zip(samples(100), samples(200), strict=True)),
        prompt=["a red cube", "a blue sphere"],
        generator=["step-100", "step-200"],
        meta={"seed": 7},
    )
    project.wait()
    rows = project.pull("trl", folder, split="100/0/0")
    for row in rows:
        print(row["dimension"], row["generators"], row["chosen"][0]["content"])
    print("alpha", project.reports.agreement()["questions"][0]["alpha"])
    return len(rows)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
