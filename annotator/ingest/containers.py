"""An image file with nothing in it but what its pixels need: the same compressed data, a new frame.

`bare` gives None for whatever is out of the ordinary; such a file is encoded anew. Of what it
gives, the caller still checks that it decodes to the same pixels.

Sources: ITU-T T.81 annex B and JFIF 1.02 (JPEG), PNG third edition 5 and 11.2, RFC 9649 (WebP).
"""

import re
import struct
import zlib

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB_OF_8_BITS = (8, 2)

SOI, EOI, SOS, DHT, DQT, DRI = b"\xd8", b"\xd9", b"\xda", b"\xc4", b"\xdb", b"\xdd"
# Baseline, extended and progressive, all Huffman-coded.
FRAMES = (b"\xc0", b"\xc1", b"\xc2")
TABLES = (DHT, DQT, DRI)
# Comments and what applications put beside an image: left out.
APPLICATIONS = frozenset(bytes([code]) for code in (*range(0xE0, 0xF0), 0xFE))
# JFIF 1.02, one pixel high as wide, no thumbnail: three components are Y, Cb and Cr.
JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
# The end of a scan's data: a marker that is neither a stuffed byte nor a restart.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")


def bare(data: bytes, kind: str) -> bytes | None:
    """The file without metadata, and without anything before or behind it."""
    try:
        return _REBUILDERS[kind](data) if kind in _REBUILDERS else None
    except (struct.error, IndexError):
        return None


def _jpeg(data: bytes) -> bytes | None:
    parts = [b"\xff" + SOI, JFIF]
    at, frames, scans = 2, 0, 0
    while True:
        if data[at] != 0xFF:
            return None
        marker = data[at + 1 : at + 2]
        if marker == EOI:
            return b"".join([*parts, b"\xff" + EOI]) if frames == 1 and scans else None
        (size,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + size
        if marker in FRAMES:
            frames += 1
            if not _is_frame_of_ours(data[at + 4 : end]):
                return None
        elif marker == SOS:
            found = _MARKER.search(data, end)
            if found is None:
                return None
            scans, end = scans + 1, found.start()
        elif marker not in TABLES:
            if marker not in APPLICATIONS:
                return None
            at = end
            continue
        parts.append(data[at:end])
        at = end


def _is_frame_of_ours(frame: bytes) -> bool:
    """Eight bits, a height that is told at once, three components."""
    precision, height, width, components = struct.unpack_from(">BHHB", frame)
    return bool(precision == 8 and components == 3 and height > 0 and width > 0)


def _png(data: bytes) -> bytes | None:
    at, header, scan = len(PNG_SIGNATURE), b"", []
    while True:
        (size,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if len(body) != size or (kind == b"IHDR") != (header == b""):
            return None
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            scan.append(body)
        elif kind == b"IEND":
            break
        # PLTE is but a hint where pixels are RGB; in capitals is what no decoder may pass over.
        elif kind[:1].isupper() and kind != b"PLTE":
            return None
        at += 12 + size
    if len(header) != 13 or tuple(header[8:10]) != RGB_OF_8_BITS:
        return None
    chunks = ((b"IHDR", header), (b"IDAT", b"".join(scan)), (b"IEND", b""))
    return PNG_SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _webp(data: bytes) -> bytes | None:
    at = 12
    while True:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        if len(kind) != 4 or len(body) != size:
            return None
        if kind in (b"VP8 ", b"VP8L"):
            chunk = struct.pack("<4sI", kind, size) + body + b"\0" * (size % 2)
            return struct.pack("<4sI4s", b"RIFF", 4 + len(chunk), b"WEBP") + chunk
        if kind in (b"ALPH", b"ANIM", b"ANMF"):
            return None
        at += 8 + size + size % 2


_REBUILDERS = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}
