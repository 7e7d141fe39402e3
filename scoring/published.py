"""Every file of weights that a metric wants: what it is, who publishes it where, and its hash.

Only what is known is written here: a size or a hash that could not be had from its publisher is
None, and is noted at the first fetch (``scoring/weights.py``). Nothing here touches a network.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file, looked for at ``folder/name`` below the folder of weights.

    ``sha256`` is the whole published hash, 64 hexadecimal digits, else None. ``sha256_prefix`` is
    the part of it that the published name carries (torch hub's eight digits), else "". ``url`` is
    "" for a file that is made here from another, not fetched.
    """

    folder: str
    name: str
    url: str
    bytes: int | None = None
    sha256: str | None = None
    sha256_prefix: str = ""

    @property
    def place(self) -> str:
        """Where it belongs, below the folder of weights."""
        return f"{self.folder}/{self.name}"


@dataclass(frozen=True, slots=True)
class Weights:
    """What one network is built from. File names are unique within it.

    ``commercial`` is False where the licence forbids commercial use; ``note`` says what else a
    person has to know before fetching.
    """

    name: str
    title: str
    files: tuple[WeightFile, ...]
    licence: str
    source: str
    note: str = ""
    commercial: bool = True

    @property
    def bytes(self) -> int | None:
        """All files together; None when one of them is of unknown size."""
        sizes = [file.bytes for file in self.files if file.bytes is not None]
        return sum(sizes) if len(sizes) == len(self.files) else None


_INCEPTION = WeightFile(
    "inception",
    "pt_inception-2015-12-05-6726825d.pth",
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
    "pt_inception-2015-12-05-6726825d.pth",
    sha256_prefix="6726825d",
)

_PUBLISHED = (
    Weights(
        "inception",
        "Inception v3 of 2015-12-05, ported to PyTorch for FID",
        (_INCEPTION,),
        "Apache-2.0",
        "https://github.com/mseitzer/pytorch-fid",
    ),
)

PUBLISHED: dict[str, Weights] = {weights.name: weights for weights in _PUBLISHED}
