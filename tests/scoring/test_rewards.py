"""The scorers of images and prompts, through ``measure``, against the authors' own steps.

Files lie where the published ones would, tiny and random; what a score should be is computed with
transformers' and open_clip's models, processors and tokenisers.
"""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional

from scoring.engine import Engine
from scoring.measure import measure
from scoring.measured import Measured, Outcome, refused
from scoring.metric_functions import Subject
from scoring.metrics import imagereward, mps
from scoring.metrics.mps import CONDITIONS
from scoring.metrics.networks.mps import mps_from
from scoring.metrics.networks.text_tokens import clip_tokens
from scoring.reasons import Code, Reason
from scoring.service.rewards import Rewards, Value
from scoring.weights.files import REGISTRY
from tests.scoring import test_blip, test_mps
from tests.scoring.tiny_networks import (
    LENGTH,
    bert_tokenizer,
    hps_transform,
    hugging_face,
    hugging_face_tokenizer,
    image_processor,
    open_clip_transform,
    open_clips,
    openai_tokenizer,
    published,
    random_image,
    tokenizer_json,
)

PROMPTS = ["a red cube’s shadow", "two dogs &amp; a cat", "桜の木", "dogs"]
SHAPES = [(40, 61), (33, 32), (64, 48), (32, 32)]
LONG = "a cat and a dog " * 20
BERT_WORDS = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *"abcdefghij",
    "cat",
    "a",
    "red",
    "##s",
]
BERT_WORDS += [f"[unused{n}]" for n in range(38 - len(BERT_WORDS))]


def subjects() -> list[Subject]:
    return [
        Subject(random_image(*shape, seed=seed), prompt=prompt)
        for seed, (shape, prompt) in enumerate(zip(SHAPES, PROMPTS, strict=True))
    ]


def saved(state: dict[str, Tensor]) -> bytes:
    return save({name: value.contiguous() for name, value in state.items()})


def pickled(state: object) -> bytes:
    stream = io.BytesIO()
    torch.save(state, stream)
    return stream.getvalue()


def files() -> dict[str, dict[str, bytes]]:
    """By the weights' names, what lies in their files."""
    tokens = {"tokenizer.json": tokenizer_json().encode()}
    return {
        "clip-vit-b-32": {"pytorch_model.bin": pickled(b32().state_dict()), **tokens},
        "clip-vit-l-14": {"model.safetensors": saved(l14().state_dict()), **tokens},
        "pickscore": {"model.safetensors": saved(h14().state_dict()), **tokens},
        "hps-v2": {
            "HPS_v2_compressed.pt": pickled({"state_dict": hps(5).state_dict()}), **tokens
        },
        "hps-v2.1": {
            "HPS_v2.1_compressed.pt": pickled({"state_dict": hps(6).state_dict()}), **tokens
        },
        "image-reward": {
            "ImageReward.pt": pickled(test_blip.checkpoint()),
            "vocab.txt": "\n".join(BERT_WORDS).encode(),
        },
        "mps": {"mps_overall.safetensors": saved(test_mps.published()), **tokens},
    }  # fmt: skip


b32 = partial(hugging_face, 1)
l14 = partial(hugging_face, 2, vision=(32, 16), text=(24, 12))
h14 = partial(hugging_face, 3, vision=(32, 16), text=(32, 16), activation="gelu")
hps = open_clips


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    root = tmp_path_factory.mktemp("weights")
    registry = {name: published(root, name, contents) for name, contents in files().items()}
    made = Engine(weights_root=root, registry=registry)
    # Their tiny likenesses have other sizes than these two are built in.
    small = partial(imagereward.build, vision=test_blip.EYES, text=test_blip.WORDS)
    made.network("image-reward", small)
    made.network("mps", small_mps)
    return made


def small_mps(files: dict[str, Path], _engine: Engine) -> mps.MpsScorer:
    network = mps_from(test_mps.published(), test_mps.TRAITS, test_mps.HEADS, source="mps")
    return mps.MpsScorer(network, clip_tokens(files))


def values(name: str, of: list[Subject], engine: Engine) -> list[float]:
    column = [row[name] for row in measure([name], of, engine)]
    assert all(one.outcome is Outcome.OK for one in column), column
    return [float(one.value) for one in column if one.value is not None]


def cosines(images: Tensor, texts: Tensor) -> Tensor:
    return functional.cosine_similarity(images.double(), texts.double())


def seen_by_open_clip() -> Tensor:
    transform = open_clip_transform(32)
    return torch.stack([transform(Image.fromarray(subject.image)) for subject in subjects()])


def with_hugging_face(model: Callable[[], torch.nn.Module], pixels: Tensor, ids: Tensor) -> Tensor:
    theirs = model()
    with torch.inference_mode():
        images = theirs.get_image_features(pixels).pooler_output
        return cosines(images, theirs.get_text_features(ids).pooler_output)


def test_clip_score_is_the_papers(engine: Engine) -> None:
    """OpenAI's transform and tokeniser, its prefix, 2.5 · max(cos, 0)."""
    ids = openai_tokenizer()([f"A photo depicts {prompt}" for prompt in PROMPTS], LENGTH)

    expected = 2.5 * with_hugging_face(b32, seen_by_open_clip(), ids).clamp(min=0)

    assert values("clip_score", subjects(), engine) == pytest.approx(expected.tolist(), rel=1e-5)
    assert expected.min() == 0 < expected.max()


def test_clip_cosine_has_no_prefix_and_no_bound_below(engine: Engine) -> None:
    ids = openai_tokenizer()(PROMPTS, LENGTH)

    expected = with_hugging_face(l14, seen_by_open_clip(), ids)

    assert values("clip_cosine", subjects(), engine) == pytest.approx(expected.tolist(), rel=1e-5)
    assert expected.min() < 0


def test_pickscore_is_its_model_cards(engine: Engine) -> None:
    """transformers' processor and tokeniser, exp(logit_scale) · cos."""
    processor = image_processor(32)
    images = [Image.fromarray(subject.image) for subject in subjects()]
    pixels = processor(images, return_tensors="pt")["pixel_values"]
    tokens = hugging_face_tokenizer()(
        PROMPTS, padding=True, truncation=True, max_length=LENGTH, return_tensors="pt"
    )

    expected = 100 * with_hugging_face(h14, pixels, tokens["input_ids"])

    assert values("pickscore", subjects(), engine) == pytest.approx(expected.tolist(), rel=1e-5)


@pytest.mark.parametrize(("name", "seed"), [("hpsv2", 5), ("hpsv2_1", 6)])
def test_hps_is_a_hundred_cosines_of_padded_images(engine: Engine, name: str, seed: int) -> None:
    """Its transform on images of all shapes, OpenAI's tokeniser, open_clip's encoders."""
    theirs = hps(seed)
    pixels = torch.stack([hps_transform(subject.image, 32) for subject in subjects()])
    with torch.inference_mode():
        ids = openai_tokenizer()(PROMPTS, LENGTH)
        expected = 100 * cosines(theirs.encode_image(pixels), theirs.encode_text(ids))

    # A cosine near 0 is the sum of much larger terms, and is then multiplied by 100.
    assert values(name, subjects(), engine) == pytest.approx(expected.tolist(), rel=1e-5, abs=1e-4)


def test_imagereward_takes_35_tokens_and_openais_transform(engine: Engine) -> None:
    """The network itself is compared in test_blip.py; here how it is fed."""
    tokens = bert_tokenizer(BERT_WORDS)(
        PROMPTS, padding="max_length", truncation=True, max_length=35, return_tensors="pt"
    )
    network = engine.network("image-reward", imagereward.build).network
    with torch.inference_mode():
        expected = network(
            seen_by_open_clip(), tokens["input_ids"], tokens["attention_mask"].bool()
        )

    assert values("imagereward", subjects(), engine) == pytest.approx(expected.tolist(), rel=1e-5)


def test_mps_has_a_score_under_each_condition(engine: Engine) -> None:
    """The network itself is compared in test_mps.py; here how it is fed, condition by condition."""
    processor = image_processor(32)
    images = [Image.fromarray(subject.image) for subject in subjects()]
    pixels = processor(images, return_tensors="pt")["pixel_values"]
    described = test_mps.Described(test_mps.published())
    theirs = hugging_face(21, activation="gelu")

    def read(texts: list[str]) -> tuple[Tensor, Tensor]:
        ids = hugging_face_tokenizer()(
            texts, padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt"
        )["input_ids"]
        hidden = theirs.text_model(ids)
        words = theirs.text_projection(hidden.last_hidden_state)
        return words.double(), theirs.text_projection(hidden.pooler_output).double()

    with torch.inference_mode():
        looked = theirs.visual_projection(theirs.vision_model(pixels).last_hidden_state).double()
        words, ends = read(PROMPTS)
        for name, condition in CONDITIONS.items():
            about = read([condition])[0][0].numpy()
            rows = zip(looked.numpy(), words.numpy(), ends.numpy(), strict=True)
            expected = [described.score(*row, about, 0.01) for row in rows]
            ours = values(name, subjects(), engine)
            # A cosine near 0 is the sum of much larger terms, and is then multiplied by 100.
            assert ours == pytest.approx(expected, rel=1e-5, abs=1e-4)


EVERY = ["clip_score", "clip_cosine", "pickscore", "hpsv2", "hpsv2_1", "imagereward", *CONDITIONS]


@pytest.mark.parametrize("name", EVERY)
def test_a_batch_changes_no_value(engine: Engine, name: str) -> None:
    together = values(name, subjects(), engine)

    backwards = values(name, subjects()[::-1], engine)[::-1]
    alone = [values(name, [subject], engine)[0] for subject in subjects()]
    crowded = values(name, subjects() * 9, engine)[-4:]

    # Of 100 cosines: a product of float32 matrices differs in its last digits with their shape and
    # the number of threads, and a cosine near 0 is the sum of much larger terms.
    allowed = 1e-6 if name in ("clip_score", "clip_cosine", "imagereward") else 1e-4
    for other in (backwards, alone, crowded):
        assert other == pytest.approx(together, rel=1e-5, abs=allowed)


@pytest.mark.parametrize("name", EVERY)
def test_an_image_without_a_prompt_is_refused_alone(engine: Engine, name: str) -> None:
    some = [subjects()[0], Subject(random_image(40, 40)), subjects()[1]]

    rows = [row[name] for row in measure([name], some, engine)]

    assert rows[1] == refused(Reason(Code.NO_PROMPT))
    assert [rows[0].value, rows[2].value] == pytest.approx(values(name, subjects()[:2], engine))


@pytest.mark.parametrize(
    ("name", "read", "tokens"),
    [
        ("clip_score", 75, 103),
        ("clip_cosine", 75, 100),
        ("imagereward", 33, 100),
        ("mps_overall", 75, 100),
    ],
)
def test_a_value_of_a_cut_prompt_says_so(engine: Engine, name: str, read: int, tokens: int) -> None:
    short, long = subjects()[0], Subject(random_image(40, 40), prompt=LONG)

    rows = [row[name] for row in measure([name], [short, long], engine)]

    assert [row.outcome for row in rows] == [Outcome.OK, Outcome.OK]
    cut = Reason(Code.PROMPT_CUT, read=read, tokens=tokens)
    assert [row.reasons for row in rows] == [(), (cut,)]


def test_another_threshold_is_said_beside_the_value(engine: Engine) -> None:
    engine.options = {"mps_threshold": 0.3}
    try:
        rows = [row["mps_overall"] for row in measure(["mps_overall"], subjects(), engine)]
    finally:
        engine.options = {}

    unusual = Reason(Code.THRESHOLD_UNUSUAL, threshold=0.3, usual=0.01)
    assert [row.reasons for row in rows] == [(unusual,)] * 4
    assert [row.value for row in rows] != values("mps_overall", subjects(), engine)


def test_where_no_word_is_relevant_there_is_no_score(engine: Engine) -> None:
    """The greatest relevance is 1, so that nothing lies above 1: never NaN."""
    engine.options = {"mps_threshold": 1}
    try:
        rows = [row["mps_overall"] for row in measure(["mps_overall"], subjects(), engine)]
    finally:
        engine.options = {}

    why = Reason(Code.PROMPT_IRRELEVANT, threshold=1)
    assert rows == [Measured(None, Outcome.UNDEFINED, (why,))] * 4


def test_a_strip_is_refused_alone(engine: Engine) -> None:
    some = [subjects()[0], Subject(random_image(2, 400), prompt="a line")]

    first, second = (row["clip_score"] for row in measure(["clip_score"], some, engine))

    assert first.outcome is Outcome.OK
    assert second.outcome is Outcome.REFUSED
    (why,) = second.reasons
    assert why.code is Code.METRIC_FAILED
    assert "400×2 is more than 64 times longer than wide" in str(why.params["error"])


def codes(measured: Measured) -> list[str]:
    return [reason.code for reason in measured.reasons]


def test_the_reward_service_lists_and_gives_what_is_measured(
    engine: Engine, tmp_path: Path
) -> None:
    every = {**REGISTRY, **engine.registry}
    rewards = Rewards(Engine(weights_root=engine.weights_root, registry=every), tmp_path)
    names = ["pickscore", "hpsv2_1"]
    [*some, nothing] = [*subjects(), Subject(random_image(32, 32))]

    found = rewards.scored(names, [*some, nothing])

    assert "aesthetics" not in rewards.listed
    assert rewards.listed["hpsv2_1"].version == "2.1"
    assert (
        rewards.listed["pickscore"].weights_sha256 == engine.provenance("pickscore").weights_sha256
    )
    for row, measured in zip(found, measure(names, some, engine), strict=False):
        assert {name: row[name].value for name in names} == {
            name: pytest.approx(measured[name].value, rel=1e-4) for name in names
        }
    assert found[-1] == dict.fromkeys(names, Value(None, reasons=(Reason(Code.NO_PROMPT),)))


def test_without_weights_every_one_says_what_to_fetch(tmp_path: Path) -> None:
    row = measure(EVERY, subjects()[:1], Engine(weights_root=tmp_path))[0]

    assert {row[name].outcome for name in EVERY} == {Outcome.UNAVAILABLE}
    assert codes(row["pickscore"]) == [Code.WEIGHTS_MISSING, Code.WEIGHTS_FETCH]
    assert row["pickscore"].reasons[1].params["weights"] == "pickscore"
    assert codes(row["mps_overall"]) == [Code.WEIGHTS_MISSING, Code.WEIGHTS_CONVERT]


def test_bfloat16_is_near_and_only_where_the_engine_says_so(engine: Engine) -> None:
    exact = values("clip_cosine", subjects(), engine)
    engine.dtype = "bfloat16"
    try:
        rough = values("clip_cosine", subjects(), engine)
    finally:
        engine.dtype = "float32"

    assert rough != exact
    assert rough == pytest.approx(exact, abs=0.05)
