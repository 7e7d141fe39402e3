"""LPIPS against the lpips package, PD against torchvision's VGG-16, on the same random weights."""

import tests.references  # noqa: F401 - first: it makes torchvision importable

# isort: split
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import lpips
import numpy as np
import pytest
import torch
import torchvision
from PIL import Image
from torch import Tensor, nn

from scoring.engine import Engine, Provenance
from scoring.images import RGB
from scoring.measure import measure
from scoring.measured import Measured, Outcome
from scoring.metric_functions import Subject
from scoring.metrics import perceptual
from scoring.metrics.feature_maps import FeatureComparison, distances
from scoring.metrics.networks.backbones import alexnet, squeezenet, vgg16
from scoring.metrics.networks.checkpoints import read
from scoring.reasons import Code, Reason
from scoring.weights.files import REGISTRY, combined_sha256
from scoring.weights.hashes import file_sha256
from tests.scoring.backbones import BACKBONES, UNHASHED, random_backbones

LPIPS = {"lpips_alex": "alex", "lpips_vgg": "vgg", "lpips_squeeze": "squeeze"}
FILES = {
    "alex": "alexnet-owt-7be5be79.pth",
    "vgg": "vgg16-397923af.pth",
    "squeeze": "squeezenet1_1-b8a52dc0.pth",
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("weights")
    random_backbones(root)
    return root


@pytest.fixture(scope="module")
def engine(weights: Path) -> Engine:
    return Engine(weights_root=weights, registry=UNHASHED)


def pair(seed: int, height: int, width: int) -> Subject:
    """A soft image and its noisy copy."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 7, 3), dtype=np.uint8))
    image = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    changed = image.astype(int) + rng.integers(-40, 41, image.shape)
    return Subject(image, np.clip(changed, 0, 255).astype(np.uint8))


def numbers(metric: str, subjects: Sequence[Subject], engine: Engine) -> list[float]:
    return [_number(row[metric]) for row in measure([metric], subjects, engine)]


def _number(measured: Measured) -> float:
    assert isinstance(measured.value, float), measured.reasons
    return measured.value


@cache
def reference_lpips(net: str, root: Path) -> nn.Module:
    """The package's own network with its own heads, on the backbone that we read."""
    with warnings.catch_warnings():
        # torchvision tells lpips, not us, that `pretrained` has another name now.
        warnings.filterwarnings("ignore", category=UserWarning, module="torchvision")
        made = lpips.LPIPS(net=net, pnet_rand=True, verbose=False)
    state = read(root / "torchvision" / FILES[net])
    for part in made.net.children():
        for number, layer in part.named_children():
            prefix = f"features.{number}."
            own = {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
            layer.load_state_dict(own)
    return made


def as_lpips_reads(image: RGB | None) -> Tensor:
    assert image is not None
    return lpips.im2tensor(image)


@pytest.mark.parametrize("metric", LPIPS)
@pytest.mark.parametrize(("height", "width"), [(64, 64), (97, 130)])
def test_lpips_equals_the_lpips_package(
    metric: str, height: int, width: int, weights: Path, engine: Engine
) -> None:
    subjects = [pair(seed, height, width) for seed in range(3)]
    reference = reference_lpips(LPIPS[metric], weights)

    with torch.inference_mode():
        expected = [
            float(reference(as_lpips_reads(s.image), as_lpips_reads(s.reference))) for s in subjects
        ]

    assert numbers(metric, subjects, engine) == pytest.approx(expected, rel=1e-5)
    assert min(expected) > 1e-4


@pytest.mark.parametrize(("metric", "layer"), [("pd_vgg16_relu2_2", 8), ("pd_vgg16_relu3_3", 15)])
def test_pd_is_the_mean_squared_difference_of_vggs_features(
    metric: str, layer: int, weights: Path, engine: Engine
) -> None:
    subject = pair(3, 50, 70)
    with torch.device("meta"):
        features = BACKBONES[FILES["vgg"]](weights=None).features[: layer + 1]
    state = read(weights / "torchvision" / FILES["vgg"])
    own = {name.removeprefix("features."): value for name, value in state.items()}
    features.load_state_dict({name: own[name] for name in features.state_dict()}, assign=True)

    with torch.inference_mode():
        x, y = (features(_as_torchvision(each)) for each in (subject.image, subject.reference))
        expected = float(nn.functional.mse_loss(x, y))

    assert numbers(metric, [subject], engine)[0] == pytest.approx(expected, rel=1e-5)
    assert expected > 1e-5


def _as_torchvision(image: RGB | None) -> Tensor:
    assert image is not None
    pixels = torch.tensor(image).permute(2, 0, 1)[None] / 255
    mean, deviation = (torch.tensor(v).view(3, 1, 1) for v in (MEAN, DEVIATION))
    return (pixels - mean) / deviation


MEAN = torchvision.models.VGG16_Weights.IMAGENET1K_V1.transforms().mean
DEVIATION = torchvision.models.VGG16_Weights.IMAGENET1K_V1.transforms().std


@pytest.mark.parametrize("metric", list(perceptual.METRICS))
def test_company_and_order_do_not_change_a_value(metric: str, engine: Engine) -> None:
    subjects = [pair(seed, 64, 80 if seed % 2 else 64) for seed in range(5)]

    alone = [numbers(metric, [subject], engine)[0] for subject in subjects]
    together = numbers(metric, subjects, engine)
    backwards = numbers(metric, subjects[::-1], engine)[::-1]

    assert together == pytest.approx(alone, rel=1e-5)
    assert backwards == pytest.approx(alone, rel=1e-5)


@pytest.mark.parametrize("metric", list(perceptual.METRICS))
def test_equal_images_are_at_no_distance(metric: str, engine: Engine) -> None:
    image = pair(8, 40, 40).image

    assert numbers(metric, [Subject(image, image)], engine) == [0.0]


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("lpips_alex", "lpips-alex"), ("lpips_vgg", "lpips-vgg"),
        ("lpips_squeeze", "lpips-squeeze"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("height", "width"), [(45, 563), (570, 38)])
def test_tiles_have_the_distance_of_the_whole(
    metric: str, name: str, height: int, width: int, engine: Engine
) -> None:
    subject = pair(9, height, width)
    whole = numbers(metric, [subject], engine)[0]
    assert subject.reference is not None
    comparison: FeatureComparison = engine.network(name, _already_built)

    in_tiles = distances(
        comparison, [(subject.image, subject.reference)], engine, batch_pixels=1, tile=160
    )

    assert in_tiles == pytest.approx([whole], rel=1e-5)


def _already_built(_paths: Mapping[str, Path], _engine: Engine) -> FeatureComparison:
    raise AssertionError("the metric has built it before")


def test_a_bad_pair_is_refused_alone(engine: Engine) -> None:
    good, small = pair(1, 64, 64), pair(2, 20, 64)
    odd = Subject(good.image, pair(3, 60, 64).image)

    rows = measure(["lpips_alex"], [odd, good, small, Subject(good.image)], engine)

    assert [row["lpips_alex"].reasons for row in rows] == [
        (Reason(Code.SIZES_DIFFER, image="64×64", reference="64×60"),),
        (),
        (Reason(Code.IMAGE_TOO_SMALL, size="64×20", least=31),),
        (Reason(Code.NO_REFERENCE_IMAGE),),
    ]
    assert _number(rows[1]["lpips_alex"]) == pytest.approx(
        numbers("lpips_alex", [good], engine)[0], rel=1e-5
    )


@pytest.mark.parametrize(
    ("metric", "least"),
    [("lpips_alex", 31), ("lpips_vgg", 16), ("lpips_squeeze", 17), ("pd_vgg16_relu3_3", 4)],
)
def test_the_smallest_image_is_measured(metric: str, least: int, engine: Engine) -> None:
    assert numbers(metric, [pair(4, least, least)], engine)[0] > 0
    refused = measure([metric], [pair(4, least - 1, 64)], engine)[0][metric]
    assert refused.outcome is Outcome.REFUSED


def test_where_the_weights_are_missing_the_metric_is_unavailable(tmp_path: Path) -> None:
    engine = Engine(weights_root=tmp_path)

    row = measure(["lpips_vgg", "psnr"], [pair(5, 32, 32)], engine)[0]

    assert row["lpips_vgg"].outcome is Outcome.UNAVAILABLE
    missing, remedy = row["lpips_vgg"].reasons
    assert missing == Reason(Code.WEIGHTS_MISSING, file="torchvision/vgg16-397923af.pth")
    assert (remedy.code, remedy.params["weights"]) == (Code.WEIGHTS_FETCH, "lpips-vgg")
    assert row["psnr"].outcome is Outcome.OK


def test_a_random_backbone_is_not_the_published_one(weights: Path) -> None:
    engine = Engine(weights_root=weights)

    row = measure(["lpips_alex"], [pair(5, 32, 32)], engine)[0]

    assert row["lpips_alex"].outcome is Outcome.UNAVAILABLE
    damage = row["lpips_alex"].reasons[0]
    assert (damage.code, damage.params["published"]) == (Code.WEIGHTS_SIZE_DIFFERS, 244_408_911)


def test_provenance_names_backbone_and_heads_together(weights: Path, engine: Engine) -> None:
    hashes = {
        "alexnet-owt-7be5be79.pth": file_sha256(weights / "torchvision/alexnet-owt-7be5be79.pth"),
        "alex.pth": file_sha256(weights / "lpips-v0.1/alex.pth"),
    }

    assert engine.provenance("lpips_alex") == Provenance(combined_sha256(hashes), "cpu", "float32")


def test_parameters_are_named_as_torchvisions() -> None:
    ours = {FILES["alex"]: alexnet(), FILES["vgg"]: vgg16(), FILES["squeeze"]: squeezenet()}
    for file, make in BACKBONES.items():
        with torch.device("meta"):
            theirs = make(weights=None).state_dict()
        shapes = {n: tuple(v.shape) for n, v in theirs.items() if n.startswith("features.")}
        assert {n: tuple(v.shape) for n, v in ours[file].state_dict().items()} == shapes


def test_the_heads_are_those_that_the_lpips_package_ships() -> None:
    shipped = Path(lpips.__file__).parent / "weights" / "v0.1"
    for net in ("alex", "vgg", "squeeze"):
        path = shipped / f"{net}.pth"
        ours = next(f for f in REGISTRY[f"lpips-{net}"].files if f.name == path.name)
        assert (ours.bytes, ours.sha256) == (path.stat().st_size, file_sha256(path))
