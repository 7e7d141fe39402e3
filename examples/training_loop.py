"""Ask people inside a training loop, and reward each candidate by what they say.

    python examples/training_loop.py https://judge.example TOKEN PROJECT

`generate` and `learn` are where your model goes; here they draw noise and print.
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image
from triptych_client import Triptych

PROMPTS = ("a red cube on a table", "a fox in the snow", "two glasses of water")


def main(
    url: str,
    token: str,
    project: int,
    generate: Callable[[str, int], Sequence[Image.Image]],
    learn: Callable[[str, Sequence[float]], None],
    ttl: float = 600,
) -> list[list[int]]:
    """Asks once a prompt; who was put before whom, as candidates' numbers."""
    asked = Triptych(url, token).project(project)
    orders = []
    for step, prompt in enumerate(PROMPTS):
        images = generate(prompt, step)
        people = asked.rank(images, prompt, ttl=ttl, step=step, key=f"run 1, step {step}")
        if people.votes:  # nobody may be there: then nothing is learnt of this prompt
            learn(prompt, people.strengths)
        orders.append(people.ranking)
    return orders


def noise(prompt: str, step: int) -> list[Image.Image]:
    """Four candidates that a model would make."""
    rng = np.random.default_rng([len(prompt), step])
    return [Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)) for _ in range(4)]


if __name__ == "__main__":
    print(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), noise, print))
