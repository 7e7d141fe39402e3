"""JPEGs that are cut short or broken inside: libjpeg only warns, and shows the rest grey.

Pillow keeps those warnings to itself; simplejpeg, the same libjpeg-turbo, raises them. Asked for an
eighth of the size in grey it reads every byte of every scan, in a third of the time.
"""

import simplejpeg

from annotator.core.reasons import Code, Reason
from annotator.ingest.refusals import ImageRefused

END = b"\xff\xd9"
LONGEST_END = 64 * 1024
SMALLEST = 8
# Libjpeg's warnings (jerror.h) about the compressed data; others are of what lies beside it.
CUT = ("Premature end", "Corrupt JPEG data: premature end")
BROKEN = ("Corrupt JPEG data", "Inconsistent progression")


def with_its_end(data: bytes) -> bytes:
    """A JPEG whose last bytes, which say only that it ends, are lost, with them."""
    if data.startswith(b"\xff\xd8") and END not in data[-LONGEST_END:]:
        return data.removesuffix(b"\xff") + END
    return data


def refuse_damaged(data: bytes, mode: str) -> None:
    """Raises ImageRefused where a JPEG's compressed data is not whole; `mode` is Pillow's."""
    colours = "CMYK" if mode == "CMYK" else "GRAY"
    try:
        simplejpeg.decode_jpeg(data, colours, min_height=1, min_width=1, min_factor=SMALLEST)
    except ValueError as warning:
        if str(warning).startswith(CUT):
            raise ImageRefused(Reason(Code.IMAGE_TRUNCATED)) from warning
        if str(warning).startswith(BROKEN):
            raise ImageRefused(Reason(Code.IMAGE_DAMAGED)) from warning
