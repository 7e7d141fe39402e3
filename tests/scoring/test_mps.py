"""MPS against a construction in loops, written from the published module, not ours."""

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from scoring.metrics.mps import CONDITIONS, EVALUATION_THRESHOLD, THRESHOLD
from scoring.metrics.networks.clip_checkpoints import Traits
from scoring.metrics.networks.mps import CrossSizes, Mps, mps_from, relevance
from scoring.weights.files import Unavailable
from tests.scoring.test_clip import H14, tokens
from tests.scoring.tiny_networks import agree, hugging_face, openai_tokenizer

Floats = NDArray[np.float64]
EMBEDDING, HEADS, HEAD, LAYERS = 12, 3, 6, 2
TRAITS = Traits(12, 8, H14.activation)


def published() -> dict[str, Tensor]:
    """A checkpoint by the names of the published module: a CLIP, and a cross model behind it."""
    theirs = hugging_face(21, activation="gelu")
    state = {f"model.{name}": value for name, value in theirs.state_dict().items()}
    return {**state, **cross_model(EMBEDDING, HEADS, HEAD)}


def cross_model(width: int, heads: int, head: int) -> dict[str, Tensor]:
    """Two pairs of blocks of random numbers."""
    state: dict[str, Tensor] = {}
    random = torch.Generator().manual_seed(22)

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random) / shape[-1] ** 0.5

    inner, feed_forward = heads * head, 4 * width
    for layer in range(LAYERS):
        cross, own = (f"cross_model.layers.{layer}.{part}.fn." for part in (0, 1))
        state[f"{cross}norm.weight"] = 1 + draw(width)
        state[f"{cross}norm.bias"] = torch.zeros(width)
        state[f"{cross}to_q.weight"] = 3 * draw(inner, width)
        state[f"{cross}to_kv.weight"] = draw(2 * head, width)
        state[f"{cross}to_out.weight"] = draw(width, inner)
        state[f"{cross}ff.0.weight"] = draw(2 * feed_forward, width)
        state[f"{cross}ff.2.weight"] = draw(width, feed_forward)
        state[f"{own}norm.weight"] = 1 + draw(width)
        state[f"{own}norm.bias"] = torch.zeros(width)
        state[f"{own}rotary_emb.inv_freq"] = 1 / 10000 ** (torch.arange(0, head, 2) / head)
        state[f"{own}fused_attn_ff_proj.weight"] = 2 * draw(
            inner + 2 * head + 2 * feed_forward, width
        )
        state[f"{own}attn_out.weight"] = draw(width, inner)
        state[f"{own}ff_out.1.weight"] = draw(width, feed_forward)
    return state


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return published()


@pytest.fixture(scope="module")
def network(state: dict[str, Tensor]) -> Mps:
    return mps_from(state, TRAITS, HEADS, source="a.safetensors")


class Described:
    """One image and one prompt at a time, token by token, in float64."""

    def __init__(self, state: dict[str, Tensor]) -> None:
        self.state = {name: value.double().numpy() for name, value in state.items()}

    def norm(self, name: str, rows: Floats) -> Floats:
        spread = np.sqrt(rows.var(axis=1, keepdims=True) + 1e-5)
        return (rows - rows.mean(axis=1, keepdims=True)) / spread * self.state[f"{name}.weight"]

    def attention(
        self, queries: Floats, keys: Floats, values: Floats, seen: NDArray[np.bool_]
    ) -> Floats:
        """``queries`` (tokens, heads, head); one key and one value a token for all heads."""
        out = np.zeros_like(queries)
        for token in range(queries.shape[0]):
            for head in range(HEADS):
                weights = np.array(
                    [
                        math.exp(queries[token, head] @ key / math.sqrt(HEAD)) if may else 0.0
                        for key, may in zip(keys, seen, strict=True)
                    ]
                )
                out[token, head] = weights @ values / weights.sum()
        return out.reshape(len(out), -1)

    def swiglu(self, rows: Floats) -> Floats:
        half = rows.shape[1] // 2
        values, gates = rows[:, :half], rows[:, half:]
        return values * gates / (1 + np.exp(-gates))

    def turned(self, vector: Floats, place: int) -> Floats:
        """Numbers i and i + d/2 are one pair, turned by place / 10000^(2i/d)."""
        half = len(vector) // 2
        out = np.empty_like(vector)
        for i in range(half):
            angle = place / 10000 ** (2 * i / len(vector))
            first, second = vector[i], vector[i + half]
            out[i] = first * math.cos(angle) - second * math.sin(angle)
            out[i + half] = second * math.cos(angle) + first * math.sin(angle)
        return out

    def fused(self, images: Floats, words: Floats, seen: NDArray[np.bool_]) -> Floats:
        weights, inner, wide = self.state, HEADS * HEAD, 4 * EMBEDDING
        for layer in range(LAYERS):
            name = f"cross_model.layers.{layer}.0.fn"
            normal = self.norm(f"{name}.norm", images)
            queries = (normal @ weights[f"{name}.to_q.weight"].T).reshape(-1, HEADS, HEAD)
            keys = words @ weights[f"{name}.to_kv.weight"][:HEAD].T
            values = words @ weights[f"{name}.to_kv.weight"][HEAD:].T
            looked = (
                self.attention(queries, keys, values, seen) @ weights[f"{name}.to_out.weight"].T
            )
            beside = self.swiglu(normal @ weights[f"{name}.ff.0.weight"].T)
            images = images + looked + beside @ weights[f"{name}.ff.2.weight"].T

            name = f"cross_model.layers.{layer}.1.fn"
            fused = self.norm(f"{name}.norm", images)
            fused = fused @ weights[f"{name}.fused_attn_ff_proj.weight"].T
            queries = fused[:, :inner].reshape(-1, HEADS, HEAD)
            keys, values = fused[:, inner : inner + HEAD], fused[:, inner + HEAD : inner + 2 * HEAD]
            inside = fused[:, inner + 2 * HEAD :]
            assert inside.shape[1] == 2 * wide
            places = range(len(images))
            queries = np.stack([[self.turned(q, t) for q in queries[t]] for t in places])
            keys = np.stack([self.turned(keys[t], t) for t in places])
            all_seen = np.ones(len(images), dtype=np.bool_)
            mixed = self.attention(queries, keys, values, all_seen)
            images = images + mixed @ weights[f"{name}.attn_out.weight"].T
            images = images + self.swiglu(inside) @ weights[f"{name}.ff_out.1.weight"].T
        return images

    def relevance(self, words: Floats, condition: Floats) -> Floats:
        best = np.array([max(word @ about for about in condition) for word in words])
        return best / best.max()

    def score(
        self, images: Floats, words: Floats, end: Floats, condition: Floats, threshold: float
    ) -> float:
        seen = self.relevance(words, condition) > threshold
        first = self.fused(images, words, seen)[0]
        cosine = end @ first / np.linalg.norm(end) / np.linalg.norm(first)
        return float(np.exp(self.state["model.logit_scale"]) * cosine)


def features(network: Mps, condition: str = CONDITIONS["mps_overall"]) -> tuple[Tensor, ...]:
    """Projected tokens of two images, three prompts' and the condition's, from transformers.

    The vision encoder's last hidden state, before the layer norm of the class token; the text
    encoder's, after its last: both are what transformers 4.27 gave the published module.
    """
    theirs = hugging_face(21, activation="gelu")
    random = torch.Generator().manual_seed(9)
    pixels = torch.randn(3, 3, 32, 32, generator=random)
    with torch.inference_mode():
        images = theirs.visual_projection(theirs.vision_model(pixels).last_hidden_state)
        words = theirs.text_projection(theirs.text_model(tokens()).last_hidden_state)
        ends = theirs.get_text_features(tokens()).pooler_output
        ids = openai_tokenizer()([condition], 77)
        about = theirs.text_projection(theirs.text_model(ids).last_hidden_state)
        agree(network.model.image_tokens(pixels), images)
    return images, words, ends, about


@pytest.mark.parametrize("threshold", [THRESHOLD, EVALUATION_THRESHOLD])
def test_the_score_is_what_the_description_gives(
    network: Mps, state: dict[str, Tensor], threshold: float
) -> None:
    """These random words are all somewhat relevant: only 0.3 leaves some of them out."""
    images, words, ends, about = features(network)

    with torch.inference_mode():
        seen = relevance(words, about) > threshold
        ours = network.scores(images, words, ends, seen)

    described = Described(state)
    rows = [part.double().numpy() for part in (images, words, ends)]
    condition = about[0].double().numpy()
    expected = [described.score(*row, condition, threshold) for row in zip(*rows, strict=True)]
    assert (int(seen.sum()) < seen.numel()) is (threshold == EVALUATION_THRESHOLD)
    np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-5)


def test_relevance_is_against_the_prompts_own_best_word(network: Mps) -> None:
    """The published division by the batch's best would make a row depend on its neighbours."""
    _, words, _, about = features(network)

    together = relevance(words, about)
    alone = torch.cat([relevance(words[i, None], about) for i in range(len(words))])

    assert together.amax(dim=-1).tolist() == [1, 1, 1]
    torch.testing.assert_close(together, alone, rtol=1e-6, atol=1e-6)


def test_relevance_by_hand() -> None:
    words = torch.tensor([[[2.0, 0], [0, 1], [-1, -1], [1, 1]]])
    condition = torch.tensor([[[1.0, 0], [0, 3]]])

    assert relevance(words, condition)[0].tolist() == pytest.approx([2 / 3, 1, -1 / 3, 1])


def test_a_prompt_without_a_relevant_word_has_no_finite_relevance() -> None:
    nothing = relevance(torch.zeros(1, 4, 2), torch.ones(1, 3, 2))

    assert not bool((nothing > THRESHOLD).any())


def test_a_score_alone_and_among_others_is_the_same(network: Mps) -> None:
    images, words, ends, about = features(network)
    seen = relevance(words, about) > THRESHOLD

    together = network.scores(images, words, ends, seen)

    alone = [
        network.scores(*(part[i, None] for part in (images, words, ends, seen))) for i in range(3)
    ]
    agree(torch.cat(alone), together)


def test_the_conditions_are_the_published_strings() -> None:
    """As in Kwai-Kolors/MPS (README) and DiffSynth-Studio; "overall" alone ends with a stop."""
    assert CONDITIONS["mps_overall"] == (
        "light, color, clarity, tone, style, ambiance, artistry, shape, face, hair, hands, limbs, "
        "structure, instance, texture, quantity, attributes, position, number, location, word, "
        "things."
    )
    assert CONDITIONS["mps_aesthetics"] == "light, color, clarity, tone, style, ambiance, artistry"
    assert CONDITIONS["mps_detail_quality"] == (
        "shape, face, hair, hands, limbs, structure, instance, texture"
    )
    assert CONDITIONS["mps_semantic_alignment"] == (
        "quantity, attributes, position, number, location"
    )
    assert (THRESHOLD, EVALUATION_THRESHOLD) == (0.01, 0.3)


def test_a_file_of_something_else_is_refused(state: dict[str, Tensor]) -> None:
    only_clip = {name: value for name, value in state.items() if name.startswith("model.")}
    lacking = {name: value for name, value in state.items() if not name.endswith("to_out.weight")}

    with pytest.raises(Unavailable, match=r"weights_of_another_network .*file=a\.safetensors"):
        mps_from(only_clip, TRAITS, HEADS, source="a.safetensors")
    with pytest.raises(Unavailable, match=r"(?s)weights_of_another_network .*to_out"):
        mps_from(lacking, TRAITS, HEADS, source="a.safetensors")


def test_the_published_sizes_have_the_published_names_and_shapes() -> None:
    """Of the module in Kwai-Kolors/MPS: Cross_model(dim=1024, layer_num=4, heads=16)."""
    with torch.device("meta"):
        state = Mps(H14, CrossSizes(1024, 4, 16, 64, 4096)).state_dict()
    shapes = {
        "model.logit_scale": (),
        "model.text_projection.weight": (1024, 1024),
        "model.visual_projection.weight": (1024, 1280),
        "cross_model.layers.3.0.fn.norm.weight": (1024,),
        "cross_model.layers.3.0.fn.norm.bias": (1024,),
        "cross_model.layers.3.0.fn.to_q.weight": (1024, 1024),
        "cross_model.layers.3.0.fn.to_kv.weight": (128, 1024),
        "cross_model.layers.3.0.fn.to_out.weight": (1024, 1024),
        "cross_model.layers.3.0.fn.ff.0.weight": (8192, 1024),
        "cross_model.layers.3.0.fn.ff.2.weight": (1024, 4096),
        "cross_model.layers.3.1.fn.norm.weight": (1024,),
        "cross_model.layers.3.1.fn.norm.bias": (1024,),
        "cross_model.layers.3.1.fn.rotary_emb.inv_freq": (32,),
        "cross_model.layers.3.1.fn.fused_attn_ff_proj.weight": (1024 + 64 + 64 + 8192, 1024),
        "cross_model.layers.3.1.fn.attn_out.weight": (1024, 1024),
        "cross_model.layers.3.1.fn.ff_out.1.weight": (1024, 4096),
    }
    cross = [name for name in state if name.startswith("cross_model.")]

    assert {name: tuple(state[name].shape) for name in shapes} == shapes
    assert len(cross) == 4 * (7 + 6)
