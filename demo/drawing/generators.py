"""The image maker: made-up generators of known skill, each drawing the same scenes.

The less a generator can do, the more flaws it plants (`flaws.py`), and the softer, noisier and more
wrongly lit its images are. What is wrong with each image, and where, is known exactly: that is
the truth that simulated people and tests are measured against.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from demo.drawing.flaws import Flaw, place_in_pixels, plant_in_scene, spoil
from demo.drawing.render import Look, render_scene
from demo.drawing.scenes import Scene
from scoring.images import RGB


@dataclass(frozen=True, slots=True)
class Generator:
    """A made-up model; ``skill`` in [0, 1], 1 draws what was asked without a flaw."""

    name: str
    skill: float


GENERATORS: tuple[Generator, ...] = (
    Generator("aurora-3", 0.96),
    Generator("brush-2", 0.74),
    Generator("cobalt-1", 0.48),
    Generator("dauber-0", 0.2),
)


@dataclass(frozen=True, slots=True)
class DrawnImage:
    """``image``: uint8 (512, 512, 3). ``quality``: dimension → [0, 1], higher is better.

    Dimensions: aesthetics, detail_quality, alignment, plausibility, overall.
    """

    image: RGB
    prompt: str
    generator: str
    flaws: tuple[Flaw, ...]
    quality: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Handling:
    """What is wrong all over an image, each in [0, 1]."""

    blur: float
    noise: float
    light: float
    cast: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a generator makes of a scene, before a single pixel is drawn.

    ``drawn`` is the scene as it will be drawn; ``seed`` makes the noise.
    """

    drawn: Scene
    generator: Generator
    flaws: tuple[Flaw, ...]
    quality: Mapping[str, float]
    look: Look
    handling: _Handling
    seed: str


def plan(scene: Scene, generator: Generator, seed: int) -> Plan:
    """What the generator will do to a scene; the same arguments give the same plan."""
    name = f"{generator.name} {generator.skill} {scene.seed} {seed}"
    rng = Random(name)  # noqa: S311 - images, not secrets
    clumsy = 1 - generator.skill
    count = sum(rng.random() < min(0.95, 0.92 * clumsy**0.85) for _ in range(3))
    in_scene = sum(rng.random() < 0.5 for _ in range(count))
    drawn, misaligned = plant_in_scene(scene, in_scene, rng)
    implausible = place_in_pixels(drawn, misaligned, count - in_scene, rng)
    handling = _Handling(*(_amount(clumsy, rng) for _ in range(4)))
    flaws = (*misaligned, *implausible)
    look = _look(handling, rng)
    return Plan(drawn, generator, flaws, _quality(flaws, handling), look, handling, name)


def draw_plan(planned: Plan) -> DrawnImage:
    """The image of a plan."""
    rng = Random(f"pixels {planned.seed}")  # noqa: S311 - images, not secrets
    image = spoil(render_scene(planned.drawn, planned.look), planned.flaws)
    return DrawnImage(
        image=_handle(image, planned.handling, rng),
        prompt=planned.drawn.prompt,
        generator=planned.generator.name,
        flaws=planned.flaws,
        quality=planned.quality,
    )


def render(scene: Scene, generator: Generator, seed: int) -> DrawnImage:
    """The generator's image of a scene; the same arguments give the same image."""
    return draw_plan(plan(scene, generator, seed))


def reference(scene: Scene) -> RGB:
    """The image that a faultless generator would draw."""
    return render_scene(scene)


def _amount(clumsy: float, rng: Random) -> float:
    """Mostly none for the skilled, mostly plenty for the clumsy."""
    return clumsy * rng.uniform(0.25, 1.0) if rng.random() < 0.25 + 0.7 * clumsy else 0.0


def _look(handling: _Handling, rng: Random) -> Look:
    side = rng.choice((-1, 1))
    return Look(
        exposure=1 + side * (0.42 if side > 0 else 0.30) * handling.light,
        saturation=1 - 0.45 * handling.light,
        shadow=1 - 0.8 * handling.light,
        turn=side * 1.9 * handling.light,
    )


def _handle(image: RGB, handling: _Handling, rng: Random) -> RGB:
    """Blur, colour cast and noise over the whole image."""
    if handling.blur:
        soft = Image.fromarray(image).filter(ImageFilter.GaussianBlur(0.4 + 2.3 * handling.blur))
        image = np.asarray(soft)
    if not (handling.noise or handling.cast):
        return image
    angle = rng.uniform(0, 2 * math.pi)
    gains = [1 + 0.2 * handling.cast * math.cos(angle + turn) for turn in (0, 2.1, 4.2)]
    grains = np.random.default_rng(rng.getrandbits(32))
    noise = grains.standard_normal(image.shape[:2], dtype=np.float32)[..., None]
    values = image * np.array(gains, dtype=np.float32) + noise * np.float32(26 * handling.noise)
    return np.asarray(np.clip(values + np.float32(0.5), 0, 255), dtype=np.uint8)


def _quality(flaws: tuple[Flaw, ...], handling: _Handling) -> dict[str, float]:
    """Dimensions in [0, 1]: each the product of what every flaw and fault leaves of it."""
    misaligned = sum(flaw.severity for flaw in flaws if flaw.kind == "misalignment")
    implausible = sum(flaw.severity for flaw in flaws if flaw.kind == "implausibility")
    alignment = math.exp(-0.75 * misaligned)
    plausibility = math.exp(-0.65 * implausible - 0.35 * handling.light)
    detail = math.exp(-0.9 * handling.blur - 0.7 * handling.noise - 0.35 * implausible)
    aesthetics = math.exp(
        -0.8 * handling.light - 0.6 * handling.cast - 0.4 * (handling.blur + handling.noise)
        - 0.3 * implausible
    )  # fmt: skip
    overall = 0.34 * alignment + 0.28 * plausibility + 0.2 * aesthetics + 0.18 * detail
    return {
        "aesthetics": aesthetics,
        "detail_quality": detail,
        "alignment": alignment,
        "plausibility": plausibility,
        "overall": overall,
    }
