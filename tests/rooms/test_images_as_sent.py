"""Images as cameras, editors and broken transfers leave them: taken as browsers show them (UP-9).

Right values are those of the PNG specification (third edition), IEC 61966-2-1 and CIPA DC-007.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from annotator.core.reasons import Code, Reason
from annotator.ingest.decoding import Allowance, Decoder
from annotator.ingest.refusals import ImageRefused
from annotator.ingest.restoring import Limits
from scoring.images import read_rgb
from tests.uploads import encoded, image_bytes, pixels

LIMITS = Limits(side=8192, pixels=40_000_000, bytes=50 * 1024**2, thumbnail=384)
WHITE = [255, 255, 255]


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(LIMITS, Allowance(cpu_seconds=20))
    yield made
    made.close()


def seen(decoder: Decoder, data: bytes) -> list[Any]:
    """The pixels that people get to see."""
    kept = decoder.restore(data).kept
    shown: list[Any] = np.asarray(Image.open(io.BytesIO(kept)).convert("RGB")).tolist()
    return shown


def refusal(decoder: Decoder, data: bytes) -> Reason:
    with pytest.raises(ImageRefused) as caught:
        decoder.restore(data)
    return caught.value.reason


def png(depth: int, colour: int, rows: bytes, *, width: int, **chunks: bytes) -> bytes:
    """A PNG of one row, written chunk by chunk."""

    def chunk(kind: str, body: bytes) -> bytes:
        checked = kind.encode() + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, 1, depth, colour, 0, 0, 0)
    body = [chunk("IHDR", header), *(chunk(kind, data) for kind, data in chunks.items())]
    body += [chunk("IDAT", zlib.compress(b"\0" + rows)), chunk("IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def levels(*values: int) -> bytes:
    """Channels of 16 bits."""
    return struct.pack(f">{len(values)}H", *values)


def gray(level: int) -> list[int]:
    return [level] * 3


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (png(2, 0, bytes([0b00_01_10_11]), width=4, tRNS=levels(1)),
         [gray(0), WHITE, gray(170), gray(255)]),
        (png(4, 0, bytes([0x0A, 0xF0]), width=4, tRNS=levels(10)),
         [gray(0), WHITE, gray(255), gray(0)]),
        (png(1, 0, bytes([0b0100_0000]), width=2, tRNS=levels(0)), [WHITE, gray(255)]),
        (png(16, 0, levels(0, 257, 514, 600), width=4, tRNS=levels(514)),
         [gray(0), gray(1), WHITE, gray(2)]),
        (png(16, 2, levels(*[129] * 3, *[128] * 3, 256, 514, 65535, *[7] * 3), width=4,
             tRNS=levels(7, 7, 7)),
         [gray(1), gray(0), [1, 2, 255], WHITE]),
        (png(16, 6, levels(129, 514, 65535, 65535, 1, 2, 3, 0), width=2), [[1, 2, 255], WHITE]),
        (png(16, 4, levels(386, 65535, 386, 0), width=2), [gray(2), WHITE]),
        (png(8, 2, bytes([1, 2, 3, 4, 5, 6]), width=2, tRNS=levels(4, 5, 6)), [[1, 2, 3], WHITE]),
    ],
)  # fmt: skip
def test_keys_and_bits_are_those_that_are_written(
    decoder: Decoder, data: bytes, shown: list[Any]
) -> None:
    assert seen(decoder, data) == [shown]
    assert read_rgb(io.BytesIO(data)).tolist() == [shown]


def gray_profile(gamma: float) -> bytes:
    """A profile of grey alone, a power of the light (ICC.1, 8.3 and 10.6)."""
    xyz = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(gamma * 256))
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"srgb\0" + bytes(78)
    tags = {b"desc": text, b"wtpt": xyz, b"kTRC": curve, b"cprt": b"text\0\0\0\0x\0\0\0"}
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, told in tags.items():
        data = told + bytes(-len(told) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", b"GRAY", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def test_a_profile_of_grey_is_honoured_whatever_it_is_called(decoder: Decoder) -> None:
    image = Image.fromarray(np.array([[32, 64, 128, 192]], np.uint8))

    shown = np.array(seen(decoder, encoded(image, icc_profile=gray_profile(1.0))))

    assert np.abs(shown[0, :, 0] - [99, 137, 188, 225]).max() <= 1
    assert (shown == shown[..., :1]).all()


def test_a_profile_does_what_it_does_whatever_it_is_called(decoder: Decoder) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    red = Image.new("RGB", (2, 1), (255, 0, 0))
    any_colours = Image.fromarray(pixels())

    assert np.abs(np.array(seen(decoder, encoded(red, icc_profile=swapped)))
                  - [0, 255, 0]).max() <= 2  # fmt: skip
    assert seen(decoder, encoded(any_colours, icc_profile=srgb)) == pixels().tolist()


def test_gamma_is_honoured_and_other_colours_are_refused_by_name(decoder: Decoder) -> None:
    row = bytes([32, 32, 32, 128, 128, 128])
    linear = png(8, 2, row, width=2, gAMA=struct.pack(">I", 100_000))
    usual = png(8, 2, row, width=2, gAMA=struct.pack(">I", 45_455))
    over = png(8, 2, row, width=2, sRGB=b"\0", gAMA=struct.pack(">I", 100_000))
    hdr = png(8, 2, row, width=2, cICP=bytes([9, 16, 0, 1]))
    srgb = png(8, 2, row, width=2, cICP=bytes([1, 13, 0, 1]), gAMA=struct.pack(">I", 100_000))
    adobe = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
    wide = png(8, 2, row, width=2, gAMA=struct.pack(">I", 45_455), cHRM=adobe)

    assert seen(decoder, linear) == [[gray(99), gray(188)]]
    for same in (usual, over, srgb):
        assert seen(decoder, same) == [[gray(32), gray(128)]]
    assert refusal(decoder, hdr) == Reason(Code.IMAGE_COLOURS_UNKNOWN, chunk="cICP")
    assert refusal(decoder, wide) == Reason(Code.IMAGE_COLOURS_UNKNOWN, chunk="cHRM")


def test_metadata_may_be_as_large_as_it_likes(decoder: Decoder) -> None:
    text = b"workflow\0\0" + zlib.compress(b"x" * 3_000_000)
    data = png(8, 2, bytes([1, 2, 3]), width=1, zTXt=text)

    assert seen(decoder, data) == [[[1, 2, 3]]]
    assert read_rgb(io.BytesIO(data)).tolist() == [[[1, 2, 3]]]


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0II", b'{"prompt": "a cat"}', b"Exif\0\0MM\0*\0\0\xff\xff"]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_that_cannot_be_read_turns_nothing(decoder: Decoder, exif: bytes, kind: str) -> None:
    image = Image.fromarray(pixels())

    stored = decoder.restore(encoded(image, kind, exif=exif))

    assert (stored.width, stored.height) == image.size


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_an_orientation_of_xmp_alone_turns_nothing_as_in_browsers(
    decoder: Decoder, kind: str
) -> None:
    xmp = b'<rdf:Description tiff:Orientation="6"/>'

    stored = decoder.restore(encoded(Image.fromarray(pixels()), kind, xmp=xmp))

    assert (stored.width, stored.height) == (32, 24)


def test_an_orientation_counts_beside_values_that_are_none(decoder: Decoder) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a text"
    # The text becomes a fraction, which Pillow can't write again.
    data = exif.tobytes().replace(struct.pack("<HH", 0x010E, 2), struct.pack("<HH", 0x010E, 5))

    stored = decoder.restore(encoded(Image.fromarray(pixels(width=32, height=24)), exif=data))

    assert (stored.width, stored.height) == (24, 32)


def test_of_a_jpeg_with_further_images_the_first_is_taken(decoder: Decoder) -> None:
    first, gain = Image.fromarray(pixels(0)), Image.fromarray(pixels(1))
    camera = encoded(first, "MPO", save_all=True, append_images=[gain])

    assert seen(decoder, camera) == seen(decoder, encoded(first, "JPEG"))


def jpeg(**options: Any) -> bytes:
    """Something of a photograph."""
    small = Image.fromarray(pixels(3, width=80, height=60))
    return encoded(small.resize((320, 240)), "JPEG", quality=85, **options)


def middle_of(data: bytes) -> int:
    start = data.rindex(b"\xff\xda")
    return start + (len(data) - start) // 2


MADE = [
    {},
    {"progressive": True},
    {"subsampling": 0},
    {"optimize": True},
    {"restart_marker_blocks": 3},
    {"progressive": True, "restart_marker_blocks": 5},
]


@pytest.mark.parametrize("options", MADE)
def test_a_jpeg_that_is_cut_and_closed_is_damaged(
    decoder: Decoder, options: dict[str, Any]
) -> None:
    data = jpeg(**options)

    cut = data[: middle_of(data)].rstrip(b"\xff") + b"\xff\xd9"

    assert refusal(decoder, cut).code == Code.IMAGE_TRUNCATED


@pytest.mark.parametrize("options", MADE)
def test_a_jpeg_with_zeros_in_its_middle_is_damaged(
    decoder: Decoder, options: dict[str, Any]
) -> None:
    data = jpeg(**options)
    at = middle_of(data)

    zeroed = data[:at] + bytes(2000) + data[at + 2000 :]

    assert refusal(decoder, zeroed).code in (Code.IMAGE_DAMAGED, Code.IMAGE_TRUNCATED)


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 3}])
def test_a_whole_jpeg_is_taken_however_little_it_says(
    decoder: Decoder, level: int, options: dict[str, Any]
) -> None:
    half = pixels(1, width=160, height=120)
    half[60:] = level
    for image in (Image.new("RGB", (160, 120), (level,) * 3), Image.fromarray(half)):
        stored = decoder.restore(encoded(image, "JPEG", **options))

        assert (stored.width, stored.height) == (160, 120)


@pytest.mark.parametrize("data", [jpeg(), image_bytes()])
def test_an_image_without_its_last_two_bytes_is_taken(decoder: Decoder, data: bytes) -> None:
    assert seen(decoder, data[:-2]) == seen(decoder, data)
