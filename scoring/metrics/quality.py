"""What an image is like on its own: sharpness, contrast, colourfulness. Plain arithmetic."""

import numpy as np

from scoring.images import RGB, luma
from scoring.measured import Measured
from scoring.metric_functions import of_image


def sharpness(image: RGB) -> Measured:
    """Variance of the 4-neighbour Laplacian of the luma (Pech-Pacheco 2000), in levels².

    Borders mirror without repeating the edge, as in OpenCV's ``Laplacian``.
    """
    gray = np.pad(luma(image), 1, mode="reflect" if min(image.shape[:2]) > 1 else "edge")
    middle = gray[1:-1, 1:-1]
    laplacian = gray[:-2, 1:-1] + gray[2:, 1:-1] + gray[1:-1, :-2] + gray[1:-1, 2:] - 4 * middle
    return Measured(float(laplacian.var()))


def contrast(image: RGB) -> Measured:
    """Root-mean-square contrast (Peli 1990): standard deviation of luma / 255, in [0, 0.5]."""
    return Measured(float(luma(image).std() / 255))


def colourfulness(image: RGB) -> Measured:
    """Hasler & Süsstrunk 2003, M3: √(σ²_rg + σ²_yb) + 0.3 √(μ²_rg + μ²_yb), from 0.

    rg = R - G, yb = (R + G) / 2 - B.
    """
    red, green, blue = (image[..., channel].astype(np.float64) for channel in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    spread = np.hypot(rg.std(), yb.std())
    shift = np.hypot(rg.mean(), yb.mean())
    return Measured(float(spread + 0.3 * shift))


METRICS = {
    "sharpness": of_image(sharpness),
    "contrast": of_image(contrast),
    "colourfulness": of_image(colourfulness),
}
