"""What an edit left of its source and what it changed: PSNR, SSIM, LPIPS inside and outside a mask.

Each is the metric of the same name with the mean taken over one part of the image alone, so that it
does not depend on how large the part is: over pixels and channels (PSNR); over the windows whose
middle lies in the part (SSIM); over the features, each weighed by the share of its pixels that lie
in the part (LPIPS). Outside the mask high similarity is good: what was not to be touched is
untouched. Inside it says how much has changed, which is neither good nor bad.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from scoring.engine import Engine
from scoring.images import RGB, Region, size_text
from scoring.measured import Measured, refused
from scoring.metric_functions import NO_MASK, NO_SOURCE, Function, Subject
from scoring.metrics.feature_maps import Pair, distances
from scoring.metrics.fidelity import WINDOW, in_decibels, psnr_in, ssim_in, too_small
from scoring.metrics.perceptual import ALEX, lpips_comparison
from scoring.reasons import Code, Reason

INSIDE, OUTSIDE = "inside", "outside"


def _of_pixels(part: str, least: int, value: Callable[[RGB, RGB, Region], float]) -> Function:
    def one(subject: Subject) -> Measured:
        found = _pair_and_region(subject, part, least)
        if isinstance(found, Reason):
            return refused(found)
        (image, source), region = found
        return _measured(value(image, source, region), part)

    return lambda subjects, _engine: [one(subject) for subject in subjects]


def _of_features(part: str) -> Function:
    build = lpips_comparison(ALEX, "alex.pth")

    def function(subjects: Sequence[Subject], engine: Engine) -> list[Measured]:
        comparison = engine.network("lpips-alex", build)
        found = [_pair_and_region(subject, part, ALEX.plan.least) for subject in subjects]
        fit = [one for one in found if not isinstance(one, Reason)]
        pairs: list[Pair] = [pair for pair, _ in fit]
        values = iter(distances(comparison, pairs, engine, regions=[region for _, region in fit]))
        return [
            refused(one) if isinstance(one, Reason) else _measured(next(values), part)
            for one in found
        ]

    return function


def _measured(value: float, part: str) -> Measured:
    """Only a PSNR can be infinite."""
    return refused(_nothing(part)) if math.isnan(value) else in_decibels(value)


def _pair_and_region(subject: Subject, part: str, least: int) -> tuple[Pair, Region] | Reason:
    """The image and its source, and where they are compared; or why they can't be."""
    image, source, mask = subject.image, subject.source, subject.mask
    if source is None:
        return NO_SOURCE
    if mask is None:
        return NO_MASK
    if not image.shape[:2] == source.shape[:2] == mask.shape:
        sizes = {"image": size_text(image), "source": size_text(source), "mask": size_text(mask)}
        return Reason(Code.EDIT_SIZES_DIFFER, **sizes)
    if min(mask.shape) < least:
        return too_small(image, least)
    region = mask if part == INSIDE else ~mask
    return ((image, source), region) if np.any(region) else _nothing(part)


def _nothing(part: str) -> Reason:
    return Reason(Code.NOTHING_IN_MASK if part == INSIDE else Code.NOTHING_OUTSIDE_MASK)


METRICS = {
    **{f"psnr_{part}_mask": _of_pixels(part, 1, psnr_in) for part in (INSIDE, OUTSIDE)},
    **{f"ssim_{part}_mask": _of_pixels(part, WINDOW, ssim_in) for part in (INSIDE, OUTSIDE)},
    **{f"lpips_alex_{part}_mask": _of_features(part) for part in (INSIDE, OUTSIDE)},
}
