"""ReFL: a reward head as a loss, through one of the last denoising steps.

    python examples/refl.py HEAD --weights WEIGHTS [--dimension overall] [--steps 40]

HEAD is a reward model, folder or zip. Needs Triptych's `scoring`, torch and numpy. As Xu et al.
(ImageReward, 2023, algorithm 1) do: the noise is taken away without gradients down to a step drawn
at random from the last ones, there the clean image is guessed at once, and its reward is what is
learnt from, beside a loss that keeps the model what it was. The denoiser here is tiny; put yours in
its place.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from scoring.metrics import efficientnet
from scoring.rewards.model import Loaded, load

# Of so many denoising steps one of the last few is learnt from.
STEPS = 10
LAST = range(1, 4)
SIDE = 64


class Denoiser(nn.Module):
    """What the clean image (n, 3, side, side) in [0, 1] is, of a noisy one; it knows no prompts."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 5, padding=2), nn.SiLU(), nn.Conv2d(8, 3, 5, padding=2)
        )

    def forward(self, noisy: Tensor) -> Tensor:
        return torch.sigmoid(self.layers(noisy))


class Reward:
    """A head's reward (n,) of images (n, 3, height, width) in [0, 1], with gradients."""

    def __init__(self, scorer: Loaded, dimension: str) -> None:
        linear = scorer.model.linear(dimension)
        self.engine, self.offset = scorer.engine, linear.offset
        self.weights = torch.from_numpy(linear.weights).float().to(scorer.engine.device)

    def __call__(self, images: Tensor) -> Tensor:
        return efficientnet.differentiable(images, self.engine) @ self.weights - self.offset


def guessed(model: nn.Module, noise: Tensor, step: int) -> Tensor:
    """The clean image that is guessed at a step, gradients through this one guess alone."""
    at = noise
    with torch.no_grad():
        for before in range(STEPS, step, -1):
            less = (before - 1) / STEPS
            at = (1 - less) * model(at) + less * noise
    return model(at)


def train(
    model: nn.Module, reward: Reward, images: Tensor, *, steps: int, seed: int = 0, lr: float = 3e-3
) -> list[float]:
    """The mean reward of each batch; ``images`` (n, 3, side, side) are what it was trained on."""
    draw = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    told = []
    for _ in range(steps):
        step = LAST[int(torch.randint(len(LAST), (), generator=draw))]
        got = reward(guessed(model, torch.rand(images.shape, generator=draw), step))
        noise, share = torch.rand(images.shape, generator=draw), step / STEPS
        kept = nn.functional.mse_loss(model((1 - share) * images + share * noise), images)
        # Beyond a reward of 2, odds of seven to one, more would be bought with everything else.
        loss = nn.functional.relu(2 - got).mean() + kept
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        told.append(float(got.detach().mean()))
    return told


def main(arguments: Sequence[str] | None = None) -> list[float]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--dimension", default="overall")
    parser.add_argument("--steps", type=int, default=40)
    options = parser.parse_args(arguments)
    torch.manual_seed(0)
    reward = Reward(load(options.head, weights=options.weights), options.dimension)
    told = train(Denoiser(), reward, torch.rand(8, 3, SIDE, SIDE), steps=options.steps)
    print(f"mean reward: {told[0]:+.2f} in the first batch, {told[-1]:+.2f} in the last")
    return told


if __name__ == "__main__":
    main()
