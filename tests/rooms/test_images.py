"""Images: what is stored is what is seen, and nothing else of what came (UP-1 … UP-8, UP-12)."""

import io
import os
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from annotator.core.reasons import Code, Reason
from annotator.ingest.decoding import Allowance, Decoder, Decoders
from annotator.ingest.refusals import ImageRefused
from annotator.ingest.restoring import Limits, Restored
from tests.uploads import encoded, image_bytes, pixels, with_text

LIMITS = Limits(side=8192, pixels=40_000_000, bytes=50 * 1024**2, thumbnail=384)
MIB = 1024**2
CANARY = "canary-sdxl-turbo-4711"
# What Pillow tells of a file without metadata: of a WebP, and of JFIF's own header.
HARMLESS = {
    "background", "loop", "timestamp", "duration",
    "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
}  # fmt: skip


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(LIMITS, Allowance(cpu_seconds=20))
    yield made
    made.close()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def seen(stored: Restored) -> np.ndarray[Any, Any]:
    return np.asarray(opened(stored.kept))


def refusal(decoder: Decoder, data: bytes) -> Reason:
    with pytest.raises(ImageRefused) as caught:
        decoder.restore(data)
    return caught.value.reason


def flat_png(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel whose every row is zero; small as a file, large as an image."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def png_16(values: np.ndarray[Any, Any]) -> bytes:
    return encoded(Image.fromarray(values.astype(np.uint16)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_lossless_image_keeps_every_pixel(decoder: Decoder, kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}

    stored = decoder.restore(encoded(Image.fromarray(pixels(1)), kind, **options))

    assert (stored.width, stored.height) == (32, 24)
    assert opened(stored.kept).mode == "RGB"
    assert np.array_equal(seen(stored), pixels(1))


def test_a_jpeg_is_stored_as_it_is_decoded(decoder: Decoder) -> None:
    data = image_bytes(1, kind="JPEG")

    assert np.array_equal(seen(decoder.restore(data)), np.asarray(opened(data)))


def test_the_thumbnail_is_a_webp_of_at_most_384_pixels(decoder: Decoder) -> None:
    wide = opened(decoder.restore(image_bytes(width=1000, height=500)).derived.thumbnail)
    small = opened(decoder.restore(image_bytes(width=30, height=50)).derived.thumbnail)

    assert (wide.format, wide.size) == ("WEBP", (384, 192))
    assert small.size == (30, 50)


@pytest.mark.parametrize(
    ("width", "height", "reason"),
    [
        (30_000, 30_000, Reason(Code.IMAGE_TOO_WIDE, width=30_000, max=8_192)),
        (12_000, 12_000, Reason(Code.IMAGE_TOO_WIDE, width=12_000, max=8_192)),
        (9_000, 9_000, Reason(Code.IMAGE_TOO_WIDE, width=9_000, max=8_192)),
        (1, 8_193, Reason(Code.IMAGE_TOO_HIGH, height=8_193, max=8_192)),
        (8_192, 8_192, Reason(Code.IMAGE_TOO_MANY_PIXELS, pixels=67_108_864, max=40_000_000)),
    ],
)
def test_an_image_over_the_limits_is_refused_before_it_is_decoded(
    decoder: Decoder, width: int, height: int, reason: Reason
) -> None:
    data = flat_png(width, height)
    assert len(data) < 200_000

    assert refusal(decoder, data) == reason

    assert decoder.process is not None
    with open(f"/proc/{decoder.process.pid}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 600 * 1024


def test_an_image_at_the_limits_is_taken_within_600_mb(decoder: Decoder) -> None:
    decoder.close()

    stored = decoder.restore(flat_png(8_000, 5_000))

    assert (stored.width, stored.height) == (8_000, 5_000)
    assert decoder.process is not None
    with open(f"/proc/{decoder.process.pid}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 600 * 1024


def test_too_many_bytes_are_refused_unread() -> None:
    small = Decoder(Limits(8192, 40_000_000, 3 * MIB, 384), Allowance())

    assert refusal(small, bytes(4 * MIB)) == Reason(Code.FILE_TOO_LARGE, mib=4.0, max=3.0)
    assert small.process is None


def test_a_truncated_jpeg_is_refused(decoder: Decoder) -> None:
    data = image_bytes(width=300, height=300, kind="JPEG")
    half = data[: len(data) // 2]
    opened(half).verify()

    assert refusal(decoder, half) == Reason(Code.IMAGE_TRUNCATED)


def test_a_truncated_png_is_refused(decoder: Decoder) -> None:
    assert refusal(decoder, image_bytes(width=300, height=300)[:5000]).code == Code.IMAGE_TRUNCATED


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (encoded(Image.new("RGB", (4, 4)), "TIFF"), "TIFF"),
        (encoded(Image.new("RGB", (4, 4)), "GIF"), "GIF"),
        (encoded(Image.new("RGB", (4, 4)), "BMP"), "BMP"),
        (encoded(Image.new("RGB", (4, 4)), "JPEG2000"), "JPEG 2000"),
        (encoded(Image.new("RGB", (4, 4)), "AVIF"), "AVIF"),
        (encoded(Image.new("RGB", (4, 4)), "PDF"), "PDF"),
        (encoded(Image.new("RGB", (4, 4)), "EPS"), "PostScript"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "XML"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b"PK\x03\x04", "ZIP"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x14ftypheix\0\0\0\0mif1" + bytes(8), "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x14ftypmp42\0\0\0\0isom", "MP4"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
    ],
)
def test_an_image_of_another_type_is_refused_by_its_name(
    decoder: Decoder, data: bytes, name: str
) -> None:
    assert refusal(decoder, data) == Reason(Code.IMAGE_OF_OTHER_TYPE, format=name)


def test_what_is_no_image_or_breaks_off_at_once_is_refused(decoder: Decoder) -> None:
    assert refusal(decoder, b"hello") == Reason(Code.IMAGE_NO_IMAGE)
    assert refusal(decoder, b"\x89PNG\r\n\x1a\n") == Reason(Code.IMAGE_HEAD_BROKEN)


def test_an_empty_file_is_refused(decoder: Decoder) -> None:
    assert refusal(decoder, b"") == Reason(Code.IMAGE_EMPTY)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(decoder: Decoder, kind: str) -> None:
    frames = [Image.fromarray(pixels(n)) for n in range(3)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])

    assert refusal(decoder, data) == Reason(Code.IMAGE_MOVES)


def test_nothing_but_pixels_is_stored(decoder: Decoder) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010E] = CANARY
    image = Image.fromarray(pixels())
    files = [
        with_text(image_bytes(), CANARY),
        encoded(image, "JPEG", comment=CANARY, exif=exif, icc_profile=profile) + CANARY.encode(),
        encoded(image, "WEBP", exif=exif, xmp=CANARY.encode(), icc_profile=profile),
    ]
    for data in files:
        assert CANARY.encode() in data

        stored = decoder.restore(data)

        for kept in (stored.kept, stored.derived.thumbnail, *stored.derived.views):
            assert CANARY.encode() not in kept
            assert opened(kept).info.keys() <= HARMLESS
            assert not opened(kept).getexif()


def test_sixteen_bits_are_scaled_by_257(decoder: Decoder) -> None:
    ramp = np.arange(65_536).reshape(256, 256)

    stored = decoder.restore(png_16(ramp))

    expected = np.round(ramp / 257).astype(np.uint8)
    assert np.array_equal(seen(stored), np.repeat(expected[..., None], 3, axis=2))


def test_transparency_lies_over_white(decoder: Decoder) -> None:
    layer = np.zeros((1, 3, 4), dtype=np.uint8)
    layer[0] = [(255, 0, 0, 0), (255, 0, 0, 255), (0, 0, 0, 128)]

    stored = decoder.restore(encoded(Image.fromarray(layer)))

    assert seen(stored).tolist() == [[[255, 255, 255], [255, 0, 0], [127, 127, 127]]]


def test_a_palette_with_a_clear_colour_lies_over_white(decoder: Decoder) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putdata([0, 1])

    stored = decoder.restore(encoded(image, transparency=0))

    assert seen(stored).tolist() == [[[255, 255, 255], [40, 50, 60]]]


def test_cmyk_one_bit_and_grey_become_rgb(decoder: Decoder) -> None:
    cmyk = encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100)
    one_bit = encoded(Image.new("1", (2, 2), 1))
    grey = encoded(Image.new("L", (2, 2), 77))

    red = seen(decoder.restore(cmyk)).astype(int)
    assert abs(red - [255, 0, 0]).max() <= 3
    assert seen(decoder.restore(one_bit)).tolist() == [[[255] * 3] * 2] * 2
    assert seen(decoder.restore(grey)).tolist() == [[[77] * 3] * 2] * 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_once(decoder: Decoder, orientation: int) -> None:
    upright = np.zeros((16, 32, 3), dtype=np.uint8)
    upright[:8, :16] = 255
    turned = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation](upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(np.ascontiguousarray(turned)), exif=exif)

    stored = decoder.restore(data)

    assert (stored.width, stored.height) == (32, 16)
    assert np.array_equal(seen(stored), upright)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 8_000), (8_000, 1)])
def test_the_thinnest_images_are_taken(decoder: Decoder, width: int, height: int) -> None:
    stored = decoder.restore(image_bytes(width=width, height=height))

    assert (stored.width, stored.height) == (width, height)
    assert min(opened(stored.derived.thumbnail).size) == 1


def test_another_colour_space_is_converted_to_srgb(decoder: Decoder) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_green = (
        srgb.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    ).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    red = Image.new("RGB", (2, 2), (255, 0, 0))

    stored = decoder.restore(encoded(red, icc_profile=red_is_green))

    assert abs(seen(stored).astype(int) - [0, 255, 0]).max() <= 2


def test_a_colour_profile_that_does_not_fit_is_left_aside(decoder: Decoder) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    stored = decoder.restore(encoded(Image.fromarray(pixels()), icc_profile=profile))

    assert np.array_equal(seen(stored), pixels())


def test_an_image_that_takes_too_long_is_refused_and_the_next_one_is_taken() -> None:
    hasty = Decoder(replace(LIMITS, pixels=67_000_000), Allowance(cpu_seconds=1))
    noise = Image.effect_noise((8_190, 8_000), 80).convert("RGB")
    # Every scan passes over all of it: no machine decodes that in a second.
    slow = encoded(noise, "JPEG", quality=75, progressive=True)

    assert refusal(hasty, slow) == Reason(Code.IMAGE_TOO_SLOW, seconds=1)
    assert hasty.restore(image_bytes()).width == 32
    hasty.close()


def test_memory_is_bounded_by_the_system() -> None:
    poor = Decoder(LIMITS, Allowance(memory=400 * MIB))

    assert refusal(poor, flat_png(8_000, 5_000)) == Reason(Code.IMAGE_NEEDS_MEMORY)
    assert poor.restore(image_bytes()).width == 32
    poor.close()


# What a program asks for how many processors there are.
MANY_CORES = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

int get_nprocs(void) { return 128; }
int get_nprocs_conf(void) { return 128; }
long sysconf(int name) {
  if (name == _SC_NPROCESSORS_CONF || name == _SC_NPROCESSORS_ONLN) return 128;
  return ((long (*)(int))dlsym(RTLD_NEXT, "sysconf"))(name);
}
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set) {
  memset(set, 0, size);
  for (size_t core = 0; core < 128 && core < 8 * size; core++) CPU_SET_S(core, size, set);
  return 0;
}
"""


@pytest.fixture
def many_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that we start in Python see 128 processors."""
    source, library, python = (tmp_path / name for name in ("cores.c", "cores.so", "python"))
    source.write_text(MANY_CORES)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    python.write_text(f'#!/bin/sh\nLD_PRELOAD={library} exec {sys.executable} "$@"\n')
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and cc")
def test_a_machine_of_many_cores_takes_images_too(many_cores: None) -> None:
    count = [sys.executable, "-c", "import os; print(os.cpu_count())"]
    decoder = Decoder(LIMITS, Allowance())

    assert subprocess.run(count, capture_output=True, check=True).stdout.strip() == b"128"
    assert decoder.restore(flat_png(2_000, 2_000)).width == 2_000
    decoder.close()


def test_a_decoder_that_is_killed_is_replaced() -> None:
    decoder = Decoder(LIMITS, Allowance())
    decoder.restore(image_bytes())
    assert decoder.process is not None
    first = decoder.process.pid
    os.kill(first, 9)

    stored = decoder.restore(image_bytes(5))

    assert np.array_equal(seen(stored), pixels(5))
    assert decoder.process.pid != first
    decoder.close()


def test_a_crew_names_the_poison_and_takes_the_rest() -> None:
    files = {"a": image_bytes(1), "b": b"poison", "c": image_bytes(2), "d": image_bytes(3)}

    with Decoders[str, Restored](LIMITS, Allowance(), 2) as crew:
        work = crew.each(list(files), lambda one, key: one.restore(files[key]), lambda: None)
        results = dict(work)

    assert {key: isinstance(result, Restored) for key, result in results.items()} == {
        "a": True,
        "b": False,
        "c": True,
        "d": True,
    }


def test_a_decoder_can_open_no_file_and_no_socket(decoder: Decoder) -> None:
    decoder.restore(image_bytes())

    assert decoder.process is not None
    with open(f"/proc/{decoder.process.pid}/limits") as limits:
        by_name = {line[:26].strip(): line[26:].split()[:2] for line in limits}
    assert by_name["Max open files"] == ["3", "3"]
    assert by_name["Max file size"] == ["0", "0"]
    assert set(os.listdir(f"/proc/{decoder.process.pid}/fd")) == {"0", "1", "2"}
