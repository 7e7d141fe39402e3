"""FID, KID, CMMD, inception score, precision and recall of one set of features against another."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from scoring.measured import Outcome
from scoring.metrics.sets.clip_distance import clip_distance
from scoring.metrics.sets.frechet import FeaturesDiffer, frechet_distance
from scoring.metrics.sets.inception_score import SPLITS
from scoring.metrics.sets.kernel_distance import SIZE, kernel_distance
from scoring.metrics.sets.manifold import NEIGHBOURS, PrecisionRecall, precision_recall
from scoring.metrics.sets.set_statistics import Rows, SetStatistics
from scoring.reasons import Code, Reason
from scoring.statistics.feature_statistics import Statistics

_USUAL_SCORE = 50_000
_NO_REFERENCE = Reason(Code.NO_REFERENCE_SET)


@dataclass(frozen=True, slots=True)
class SetMeasured:
    """A set's ``value``, or why there is none; never NaN.

    ``spread`` is the standard deviation over splits (inception score) or subsets (KID), None where
    there is none. ``n`` and ``n_reference`` are the images that were used: of a sample, its own
    size. ``reasons`` say why there is no value; beside a value, why it should not be leaned on.
    """

    value: float | None
    spread: float | None = None
    n: int = 0
    n_reference: int | None = None
    outcome: Outcome = Outcome.OK
    reasons: tuple[Reason, ...] = ()


Against = SetStatistics | Statistics | None


def measure_set(
    names: Iterable[str], of: SetStatistics, against: Against, *, device: str = "cpu"
) -> dict[str, SetMeasured]:
    """Each named set metric's value of one set against another, both in the same network.

    ``against`` may be a file's statistics: enough for FID, not for what compares single images.
    Raises KeyError for a name that is no set metric; a wrong question is that metric's refusal.
    """
    comparison = _Comparison(of, against, device)
    return {name: METRICS[name](comparison) for name in names}


class _Comparison:
    """One set against another; what several metrics have in common is computed once."""

    def __init__(self, of: SetStatistics, against: Against, device: str) -> None:
        self.of = of
        self.against = against
        self.device = device

    def refused(self, *reasons: Reason) -> SetMeasured:
        return SetMeasured(None, n=self.of.n, outcome=Outcome.REFUSED, reasons=reasons)

    def samples(self, least: int) -> tuple[Rows, Rows] | SetMeasured:
        """Both sets' single images, or the refusal where they cannot be compared."""
        of, against = self.of, self.against
        if against is None:
            return self.refused(_NO_REFERENCE)
        if not isinstance(against, SetStatistics):
            return self.refused(Reason(Code.REFERENCE_WITHOUT_IMAGES))
        if against.network != of.network:
            return self.refused(Reason(Code.NETWORKS_DIFFER, a=of.network, b=against.network))
        if min(of.n, against.n) < least:
            few = Reason(Code.IMAGES_NEEDED, least=least, n=of.n, n_reference=against.n)
            return self.refused(few)
        return of.sample, against.sample

    @cached_property
    def manifolds(self) -> PrecisionRecall | SetMeasured:
        samples = self.samples(NEIGHBOURS + 1)
        if isinstance(samples, SetMeasured):
            return samples
        return precision_recall(*samples, device=self.device)


def _fid(comparison: _Comparison) -> SetMeasured:
    of, against = comparison.of, comparison.against
    if against is None:
        return comparison.refused(_NO_REFERENCE)
    if of.n < 2 or (isinstance(against, SetStatistics) and against.n < 2):
        return comparison.refused(Reason(Code.TWO_IMAGES_NEEDED))
    reference = against.statistics() if isinstance(against, SetStatistics) else against
    try:
        distance = frechet_distance(of.statistics(), reference, device=comparison.device)
    except FeaturesDiffer as refusal:
        return comparison.refused(*refusal.reasons)
    return SetMeasured(distance.value, n=of.n, n_reference=reference.n, reasons=distance.warnings)


def _kid(comparison: _Comparison) -> SetMeasured:
    samples = comparison.samples(2)
    if isinstance(samples, SetMeasured):
        return samples
    distance = kernel_distance(*samples, device=comparison.device)
    small = Reason(Code.SMALL_SUBSETS, n=distance.size, usual=SIZE)
    return SetMeasured(
        distance.mean,
        distance.sd,
        len(samples[0]),
        len(samples[1]),
        reasons=(small,) if distance.size < SIZE else (),
    )


def _precision(comparison: _Comparison) -> SetMeasured:
    both = comparison.manifolds
    if isinstance(both, SetMeasured):
        return both
    return SetMeasured(both.precision, None, both.n, both.n_reference)


def _recall(comparison: _Comparison) -> SetMeasured:
    both = comparison.manifolds
    if isinstance(both, SetMeasured):
        return both
    return SetMeasured(both.recall, None, both.n, both.n_reference)


def _inception_score(comparison: _Comparison) -> SetMeasured:
    n = int(comparison.of.scores.n.sum())
    if not n:
        return comparison.refused(Reason(Code.NO_CLASS_LOGITS))
    if n < SPLITS:
        return comparison.refused(Reason(Code.FEWER_IMAGES_THAN_SPLITS, n=n, splits=SPLITS))
    score = comparison.of.score()
    below_usual = Reason(Code.FEW_IMAGES_FOR_SCORE, n=n, usual=_USUAL_SCORE)
    reasons = score.warnings or ((below_usual,) if n < _USUAL_SCORE else ())
    return SetMeasured(score.mean, score.sd, n, reasons=reasons)


def _cmmd(comparison: _Comparison) -> SetMeasured:
    samples = comparison.samples(1)
    if isinstance(samples, SetMeasured):
        return samples
    # Of two equal sets rounding may leave a hair below 0.
    distance = max(clip_distance(*samples, device=comparison.device), 0.0)
    return SetMeasured(distance, None, len(samples[0]), len(samples[1]))


METRICS: Mapping[str, Callable[[_Comparison], SetMeasured]] = {
    "fid": _fid,
    "fid_clean": _fid,
    "kid": _kid,
    "kid_clean": _kid,
    "is": _inception_score,
    "precision": _precision,
    "recall": _recall,
    "cmmd": _cmmd,
    "fd_dinov2": _fid,
    "frechet_efficientnet_lite0": _fid,
    "kernel_efficientnet_lite0": _kid,
    "score_efficientnet_lite0": _inception_score,
}

FRECHET = frozenset(name for name, function in METRICS.items() if function is _fid)
"""Those for which mean and covariance of both sets are enough."""
