"""Mend a bad region: an exported heatmap becomes a mask, and a denoiser paints what lies under it.

    python examples/inpaint_bad_region.py FOLDER [--threshold 0.5] [--steps 20]

FOLDER is a `heatmaps` export with its images. Needs torch, numpy and pillow. The denoiser here is
tiny and random, so that the script runs anywhere; put yours into `denoiser`: a function of a noisy
image and of how much noise is in it, which says what the clean image is.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]

Denoiser = Callable[[Tensor, float], Tensor]


def tiny(seed: int = 0) -> Denoiser:
    """A random convolution in a model's place: images (1, 3, height, width) from -1 to 1."""
    torch.manual_seed(seed)
    layer = nn.Conv2d(3, 3, 5, padding=2, padding_mode="reflect")

    @torch.no_grad()
    def clean(noisy: Tensor, noise: float) -> Tensor:
        return torch.tanh(layer(noisy * (1 - noise)))

    return clean


def mask_of(heatmap: Path, threshold: float, size: tuple[int, int]) -> Tensor:
    """(1, 1, *size): 1 where people's map reaches the threshold, and a ring around it."""
    drawn = torch.from_numpy(np.load(heatmap).astype(np.float32))[None, None]
    # A map may have a grid of its own.
    reached = nn.functional.interpolate(drawn, size=size, mode="bilinear") >= threshold
    # Flaws end softly where marks do; the ring is a hundredth of the height.
    ring = 2 * max(1, reached.shape[-2] // 100) + 1
    return nn.functional.max_pool2d(reached.float(), ring, stride=1, padding=ring // 2)


def inpainted(image: Tensor, mask: Tensor, denoiser: Denoiser, steps: int, seed: int = 0) -> Tensor:
    """The image with the masked part painted anew; every other pixel stays exactly as it was.

    As in RePaint (Lugmayr et al. 2022): in each step what is known is put back, as noisy as the
    rest is by then, so that the new part is painted to fit it.
    """
    generator = torch.Generator().manual_seed(seed)
    at = torch.randn(image.shape, generator=generator)
    for step in range(steps, 0, -1):
        clean = denoiser(at, step / steps)
        less = (step - 1) / steps
        noise = torch.randn(image.shape, generator=generator)
        guess = (1 - less) * clean + less * noise
        known = (1 - less) * image + less * noise
        at = mask * guess + (1 - mask) * known
    return torch.where(mask.bool(), at, image)


def mend(
    folder: Path, row: dict[str, str], denoiser: Denoiser, threshold: float, steps: int
) -> tuple[Bytes, Bytes, Flags]:
    """A row's image before and after, (height, width, 3) of 8 bits, and its mask."""
    before = np.asarray(Image.open(folder / row["image"]).convert("RGB"))
    image = torch.from_numpy(before.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    mask = mask_of(folder / row["npy"], threshold, before.shape[:2])
    after = inpainted(image, mask, denoiser, steps)
    eight = ((after.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)[0].permute(1, 2, 0).numpy()
    return before, eight, mask[0, 0].bool().numpy()


def main() -> None:
    """Mends every image of which people marked a flaw, beside the export: <image>.mended.png."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    with (options.folder / "heatmaps.jsonl").open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["marked"]]
    for row in rows:
        _, after, mask = mend(options.folder, row, tiny(), options.threshold, options.steps)
        to = (options.folder / row["image"]).with_suffix(f".{row['flaw']}.mended.png")
        Image.fromarray(after).save(to)
        print(f"{to.name}: {mask.mean():.1%} painted anew, for {row['flaw']}")


if __name__ == "__main__":
    main()
