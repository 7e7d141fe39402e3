"""Metrics against scikit-image, SciPy, hand calculation and published vectors."""

import math
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn
from scipy.ndimage import laplace
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from scoring.catalog import CATALOG, Grain, UnknownMetric, unavailable
from scoring.engine import Engine
from scoring.images import RGB, luma, read_rgb
from scoring.measure import measure as measure_subjects
from scoring.measured import Measured, Outcome
from scoring.metric_functions import Subject
from scoring.metrics.perceptual_hash import phash_bits
from scoring.reasons import Code, Reason
from tests.scoring.goldens import golden

NO_WEIGHTS = Path("/nowhere")


def measure(names: list[str], image: RGB, reference: RGB | None = None) -> dict[str, Measured]:
    return measure_subjects(names, [Subject(image, reference)], Engine(weights_root=NO_WEIGHTS))[0]


def noise(seed: int, height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def flat(level: int) -> NDArray[np.uint8]:
    return np.full((32, 32, 3), level, dtype=np.uint8)


def smooth(seed: int, side: int = 96) -> NDArray[np.uint8]:
    coarse = Image.fromarray(noise(seed, 6, 6))
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))


def number(measured: Measured) -> float:
    assert isinstance(measured.value, float)
    return measured.value


def test_every_metric_of_the_catalog_measures_or_says_why_not() -> None:
    names = [name for name, entry in CATALOG.items() if entry.grain in (Grain.IMAGE, Grain.PAIR)]
    one, other = noise(0, 192, 192), noise(1, 192, 192)
    subject = Subject(one, other, "a lighthouse at dusk", source=other, mask=one[..., 0] < 128)

    values = measure_subjects(names, [subject], Engine(weights_root=NO_WEIGHTS))[0]

    assert list(values) == names
    for name in names:
        weightless = CATALOG[name].weights is None
        assert (unavailable(name, NO_WEIGHTS) == ()) is weightless
        assert values[name].outcome is (Outcome.OK if weightless else Outcome.UNAVAILABLE)
        assert values[name].reasons == unavailable(name, NO_WEIGHTS)


@pytest.mark.parametrize(("given_", "expected"), golden("images"))
def test_constant_images_have_the_known_fidelity(given_: dict[str, Any], expected: float) -> None:
    a, b = (flat(level) for level in given_["levels"])

    values = measure([given_["metric"]], a, b)

    assert number(values[given_["metric"]]) == pytest.approx(expected, rel=1e-6)


def test_fidelity_equals_scikit_image() -> None:
    image = smooth(3)
    reference = np.clip(image.astype(int) + noise(4, 96, 96) // 16, 0, 255).astype(np.uint8)

    values = measure(["psnr", "ssim"], image, reference)

    assert number(values["psnr"]) == pytest.approx(
        peak_signal_noise_ratio(reference, image, data_range=255), abs=1e-9
    )
    assert number(values["ssim"]) == pytest.approx(
        structural_similarity(
            reference,
            image,
            channel_axis=2,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        ),
        abs=1e-9,
    )


def test_identical_images_have_ssim_one_and_infinite_psnr() -> None:
    values = measure(["psnr", "ssim"], noise(0), noise(0))

    assert values["psnr"].value == math.inf
    assert values["psnr"].outcome is Outcome.OK
    assert values["psnr"].reasons == (Reason(Code.IDENTICAL_IMAGES),)
    assert number(values["ssim"]) == pytest.approx(1.0, abs=1e-12)


def test_sizes_that_differ_are_refused_and_the_other_metrics_go_on() -> None:
    values = measure(["psnr", "contrast"], noise(0, 20, 30), noise(0, 40, 30))

    why = Reason(Code.SIZES_DIFFER, image="30×20", reference="30×40")
    assert values["psnr"] == Measured(None, Outcome.REFUSED, (why,))
    assert values["contrast"].outcome is Outcome.OK


def test_fidelity_without_a_reference_is_refused() -> None:
    assert measure(["ssim"], noise(0))["ssim"].reasons == (Reason(Code.NO_REFERENCE_IMAGE),)


def test_ssim_of_an_image_smaller_than_its_window_is_refused() -> None:
    value = measure(["ssim"], noise(0, 8, 8), noise(1, 8, 8))["ssim"]

    assert value.reasons == (Reason(Code.IMAGE_TOO_SMALL, size="8×8", least=11),)


def test_sharpness_is_the_variance_of_scipys_laplacian() -> None:
    image = noise(5)

    value = number(measure(["sharpness"], image)["sharpness"])

    assert value == pytest.approx(laplace(luma(image), mode="mirror").var())


def test_blur_lowers_sharpness() -> None:
    image = smooth(6)
    blurred = np.asarray(Image.fromarray(image).resize((24, 24)).resize((96, 96)))

    sharp, soft = (number(measure(["sharpness"], i)["sharpness"]) for i in (image, blurred))

    assert soft < sharp


def test_contrast_of_half_black_half_white_is_a_half() -> None:
    image = np.zeros((4, 4, 3), dtype=np.uint8)
    image[:, 2:] = 255

    assert number(measure(["contrast"], image)["contrast"]) == pytest.approx(0.5)


def test_colourfulness_equals_the_hand_calculation() -> None:
    # Half pure red, half pure blue: rg = 255, 0; yb = 127.5, -255.
    image = np.zeros((2, 2, 3), dtype=np.uint8)
    image[:, 0, 0] = 255
    image[:, 1, 2] = 255

    value = number(measure(["colourfulness"], image)["colourfulness"])

    spread = math.hypot(127.5, 191.25)
    shift = math.hypot(127.5, -63.75)
    assert value == pytest.approx(spread + 0.3 * shift)


def test_grey_has_no_colourfulness() -> None:
    assert number(measure(["colourfulness"], flat(90))["colourfulness"]) == 0


def test_the_hash_has_the_signs_of_scipys_low_frequencies() -> None:
    image = smooth(7)
    small = Image.fromarray(image).convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    low = dctn(np.asarray(small, dtype=float), type=2)[:8, :8]
    bits = "".join("1" if value > np.median(low) else "0" for value in low.ravel())

    assert measure(["phash"], image)["phash"].value == f"{int(bits, 2):016x}"


BAND = np.linspace(0, 255, 64).round().astype(np.uint8)
STRAIGHT = {
    "flat": np.full((64, 64), 90, np.uint8),
    "black": np.zeros((64, 64), np.uint8),
    "to the right": np.tile(BAND, (64, 1)),
    "downwards": np.tile(BAND, (64, 1)).T,
    "symmetric": np.minimum.outer(np.minimum(BAND, BAND[::-1]), np.minimum(BAND, BAND[::-1])),
}


@pytest.mark.parametrize("grey", STRAIGHT.values(), ids=list(STRAIGHT))
def test_what_is_zero_in_mathematics_hashes_as_zero(grey: np.ndarray) -> None:
    image = np.stack([grey] * 3, axis=-1)
    small = Image.fromarray(image).convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    low = dctn(np.asarray(small, dtype=float), type=2)[:8, :8]
    low[abs(low) < 1e-6 * abs(low).max()] = 0
    bits = "".join("1" if value > np.median(low) else "0" for value in low.ravel())

    found = phash_bits(image)

    assert found == int(bits, 2)
    # Of a flat image only the mean is left; black has not even that.
    assert found == {"flat": 1 << 63, "black": 0}.get(_name(grey), found)


def _name(grey: np.ndarray) -> str:
    return next(name for name, each in STRAIGHT.items() if each is grey)


def test_a_recompressed_and_resized_image_hashes_nearly_alike_and_another_does_not() -> None:
    image = smooth(8)
    buffer = BytesIO()
    Image.fromarray(image).resize((70, 70)).save(buffer, "JPEG", quality=60)

    same = phash_bits(image) ^ phash_bits(read_rgb(buffer))
    other = phash_bits(image) ^ phash_bits(smooth(9))

    assert same.bit_count() <= 8
    assert other.bit_count() > 15


def test_an_unknown_metric_is_named_and_the_known_ones_listed() -> None:
    with pytest.raises(UnknownMetric, match=r"no metric called 'wit'.*psnr, ssim"):
        measure(["wit"], noise(0))


def test_what_is_no_image_array_is_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        measure(["contrast"], np.zeros((4, 4), dtype=np.uint8))


def test_transparency_lies_on_white() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (2, 2), (255, 0, 0, 0)).save(buffer, "PNG")

    assert read_rgb(buffer).tolist() == [[[255, 255, 255]] * 2] * 2


def test_a_batch_is_measured_in_order_and_a_bad_pair_is_refused_alone() -> None:
    subjects = [Subject(noise(n), noise(9)) for n in range(3)]
    subjects.insert(1, Subject(noise(4, 20, 20), noise(5, 30, 30)))
    subjects.insert(2, Subject(noise(6)))

    rows = measure_subjects(["psnr", "contrast"], subjects, Engine(weights_root=NO_WEIGHTS))

    codes = [[reason.code for reason in row["psnr"].reasons] for row in rows]
    assert codes == [[], [Code.SIZES_DIFFER], [Code.NO_REFERENCE_IMAGE], [], []]
    assert rows[2]["psnr"].outcome is Outcome.REFUSED
    for subject, row in zip(subjects, rows, strict=True):
        assert row["contrast"] == measure(["contrast"], subject.image)["contrast"]


def test_no_subjects_have_no_values() -> None:
    assert measure_subjects(["psnr"], [], Engine(weights_root=NO_WEIGHTS)) == []


def test_a_metric_of_sets_is_not_asked_of_an_image() -> None:
    assert measure(["fid"], noise(0))["fid"] == Measured(
        None, Outcome.REFUSED, (Reason(Code.NOT_OF_ONE_IMAGE, metric="fid"),)
    )
