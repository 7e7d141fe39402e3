"""One picture, decoded once, through any number of metrics.

Families are imported when first asked for, so that only a process that measures loads torch.
A family module holds ``METRICS``: name → function of (image, reference or None) → ``Measured``.
Set-level metrics (of a whole generator) will have a function of their own beside this one.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module

from scoring.catalog import Grain, metric
from scoring.images import RGB, require_rgb
from scoring.measured import Measured, refused

Function = Callable[[RGB, RGB | None], Measured]


def measure(names: Iterable[str], image: RGB, reference: RGB | None = None) -> dict[str, Measured]:
    """Each named metric's value of one image; ``reference`` is what it should look like.

    Images are uint8 (height, width, 3). One metric's refusal (no reference, other size) is its own
    ``Measured`` and leaves the others alone. Raises UnknownMetric for a name that is not in the
    catalog and ValueError for arrays that are no images.
    """
    require_rgb(image)
    if reference is not None:
        require_rgb(reference)
    return {name: _measure_one(name, image, reference) for name in names}


def _measure_one(name: str, image: RGB, reference: RGB | None) -> Measured:
    entry = metric(name)
    if entry.grain is Grain.SET:
        return refused(f"{name} measures a set of images, not one")
    return _functions(entry.family)[name](image, reference)


@cache
def _functions(family: str) -> Mapping[str, Function]:
    functions: Mapping[str, Function] = import_module(f"scoring.metrics.{family}").METRICS
    return functions
