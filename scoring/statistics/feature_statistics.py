"""Mean and covariance of a set's features, and the ``.npz`` file of them that pytorch-fid reads.

The file holds ``mu`` (d,) and ``sigma`` (d, d) in float64, the covariance with n - 1. Ours also
says how many images, which network and which resizing; pytorch-fid reads past that.
"""

import lzma
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Floats
from scoring.reasons import Code, Reason, Refusal
from scoring.statistics.moments import Moments

File = str | Path | IO[bytes]

_ASYMMETRY = 1e-6
"""Of the largest entry: float32 covariances of other people's files are symmetric to about 1e-7."""
MOST_IMAGES = 10**12
"""More than there are in the world; what is beyond fits into no column and no float."""
_MOST_BYTES = 1 << 28
"""Of one unpacked array: 5,792 dimensions. A few kilobytes of zeros may unpack to any size."""
_MOST_TEXT_BYTES = 4 * 200
"""numpy's characters have four."""
_BROKEN = (
    ValueError,  # no array, a cut one, pickled objects, a name that is no text
    EOFError,
    MemoryError,  # a header that claims more than there is
    OverflowError,
    RuntimeError,  # encrypted; NotImplementedError: a packing or a zip that nobody knows
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""What numpy and zipfile raise for a file that is broken, by chance or on purpose."""


class NotStatistics(Refusal):
    """The file holds no such statistics; the reason says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Mean ``mu`` (d,) and covariance ``sigma`` (d, d) of a set's features, float64.

    ``n`` is how many images they are of, None where the file does not say; ``extractor`` and
    ``resize`` name the network and how images were brought to its size, "" where not said.
    """

    mu: Floats
    sigma: Floats
    n: int | None = None
    extractor: str = ""
    resize: str = ""

    @property
    def dimensions(self) -> int:
        return len(self.mu)


def moments_to_statistics(moments: Moments, *, extractor: str, resize: str) -> Statistics:
    """Raises ValueError for fewer than two images."""
    return Statistics(moments.mean.copy(), moments.covariance(), moments.n, extractor, resize)


def write_statistics(statistics: Statistics, file: File) -> None:
    """Writes an ``.npz`` that pytorch-fid reads. The same statistics are the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {
        "mu": statistics.mu,
        "sigma": statistics.sigma,
        "extractor": np.array(statistics.extractor),
        "resize": np.array(statistics.resize),
    }
    if statistics.n is not None:
        arrays["n"] = np.array(statistics.n, dtype=np.int64)
    # Not compressed: a covariance hardly shrinks, and takes seconds to find that out.
    np.savez(file, allow_pickle=False, **arrays)


def read_statistics(file: File) -> Statistics:
    """Statistics from an ``.npz`` of ours or of pytorch-fid's; nothing in it is unpickled.

    Raises NotStatistics for anything else, and OSError where it cannot be read.
    """
    try:
        archive = np.load(file, allow_pickle=False)
    except _BROKEN as error:
        raise NotStatistics(Reason(Code.STATISTICS_NOT_NPZ)) from error
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise NotStatistics(Reason(Code.STATISTICS_SINGLE_ARRAY))
    with archive:
        missing = [name for name in ("mu", "sigma") if name not in archive]
        if missing:
            why = Reason(
                Code.STATISTICS_INCOMPLETE,
                missing=tuple(missing),
                entries=tuple(name[:100] for name in sorted(archive.files)[:8]) or ("–",),
            )
            raise NotStatistics(why)
        mu, sigma = _numbers(archive, "mu"), _numbers(archive, "sigma")
        _require_statistics(mu, sigma)
        return Statistics(
            mu, sigma, _count(archive), _text(archive, "extractor"), _text(archive, "resize")
        )


def _entry(archive: "np.lib.npyio.NpzFile", name: str) -> NDArray[np.generic]:
    listed = archive.zip.infolist() if archive.zip is not None else []
    if any(each.file_size > _MOST_BYTES for each in listed if each.filename == f"{name}.npy"):
        raise NotStatistics(Reason(Code.STATISTICS_ENTRY_TOO_LARGE, entry=name))
    try:
        entry: NDArray[np.generic] = archive[name]
    except _BROKEN as error:
        raise NotStatistics(Reason(Code.STATISTICS_ENTRY_UNREADABLE, entry=name)) from error
    if not isinstance(entry, np.ndarray):
        raise NotStatistics(Reason(Code.STATISTICS_ENTRY_NO_ARRAY, entry=name))
    return entry


def _numbers(archive: "np.lib.npyio.NpzFile", name: str) -> Floats:
    entry = _entry(archive, name)
    if not np.issubdtype(entry.dtype, np.floating):
        type_ = str(entry.dtype)
        raise NotStatistics(Reason(Code.STATISTICS_ENTRY_NOT_FLOATING, entry=name, type=type_))
    with np.errstate(over="ignore"):  # longer than a double: infinite, and refused as that
        return entry.astype(np.float64)


def _require_statistics(mu: Floats, sigma: Floats) -> None:
    if mu.ndim != 1 or not mu.size:
        raise NotStatistics(Reason(Code.STATISTICS_MU_SHAPE, shape=str(mu.shape)))
    if sigma.shape != (len(mu), len(mu)):
        shapes = {"shape": str(sigma.shape), "fitting": str((len(mu), len(mu)))}
        raise NotStatistics(Reason(Code.STATISTICS_SIGMA_SHAPE, **shapes))
    if not (np.isfinite(mu).all() and np.isfinite(sigma).all()):
        raise NotStatistics(Reason(Code.STATISTICS_NOT_FINITE))
    if float(np.abs(sigma - sigma.T).max()) > _ASYMMETRY * max(float(np.abs(sigma).max()), 1e-300):
        raise NotStatistics(Reason(Code.STATISTICS_NOT_SYMMETRIC))
    if float(np.diagonal(sigma).min()) < 0:
        raise NotStatistics(Reason(Code.STATISTICS_NEGATIVE_VARIANCE))


def _count(archive: "np.lib.npyio.NpzFile") -> int | None:
    if "n" not in archive:
        return None
    entry = _entry(archive, "n")
    if entry.size == 1 and np.issubdtype(entry.dtype, np.integer):
        n = int(entry.reshape(()))
        if 2 <= n <= MOST_IMAGES:
            return n
    raise NotStatistics(Reason(Code.STATISTICS_N_NO_COUNT, most=MOST_IMAGES))


def _text(archive: "np.lib.npyio.NpzFile", name: str) -> str:
    if name not in archive:
        return ""
    entry = _entry(archive, name)
    if entry.size == 1 and entry.dtype.kind == "U" and entry.nbytes <= _MOST_TEXT_BYTES:
        with suppress(UnicodeDecodeError):  # half a surrogate pair, or no character at all
            encoding = "utf-32-be" if entry.dtype.str.startswith(">") else "utf-32-le"
            return entry.tobytes().decode(encoding).rstrip("\0")
    raise NotStatistics(Reason(Code.STATISTICS_ENTRY_NO_TEXT, entry=name))
