"""CLIP's two encoders against transformers' and open_clip's, on the same random weights."""

import pytest
import torch
from torch import Tensor

from scoring.metrics.networks.clip import Activation, Clip, Plan, Sizes
from scoring.metrics.networks.clip_checkpoints import (
    LAION_H14,
    OPENAI_B32,
    OPENAI_L14,
    Traits,
    clip_from,
    plan_of,
    published_names,
)
from scoring.weights.files import Unavailable
from tests.scoring.tiny_networks import (
    LENGTH,
    VOCABULARY,
    agree,
    hugging_face,
    open_clips,
    openai_tokenizer,
)

TEXTS = ["a red cube on a blue sphere", "桜の木", "two dogs, one cat; no bird!"]
ACTIVATIONS = [Activation.QUICK_GELU, Activation.GELU]


def pixels(n: int = 3, side: int = 32) -> Tensor:
    return torch.randn(n, 3, side, side, generator=torch.Generator().manual_seed(5))


def tokens() -> Tensor:
    return openai_tokenizer()(TEXTS, LENGTH)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_both_encoders_agree_with_transformers(activation: Activation) -> None:
    theirs = hugging_face(1, activation=activation.value)
    ids = tokens()

    ours = clip_from(theirs.state_dict(), Traits(12, 8, activation), source="a file")

    with torch.inference_mode():
        agree(ours.image_features(pixels()), theirs.get_image_features(pixels()).pooler_output)
        agree(ours.text_features(ids), theirs.get_text_features(ids).pooler_output)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_both_encoders_agree_with_open_clip(activation: Activation) -> None:
    theirs = open_clips(2, quick_gelu=activation is Activation.QUICK_GELU)
    ids = tokens()

    ours = clip_from(theirs.state_dict(), Traits(16, 16, activation), source="a file")

    with torch.inference_mode():
        agree(ours.image_features(pixels()), theirs.encode_image(pixels()))
        agree(ours.text_features(ids), theirs.encode_text(ids))
        assert ours.logit_scale == theirs.logit_scale


def test_every_token_of_a_text_and_an_image_agrees_with_transformers() -> None:
    theirs = hugging_face(3)
    ids = tokens()

    ours = clip_from(theirs.state_dict(), OPENAI_B32, source="a file")

    with torch.inference_mode():
        words, ends = ours.text_tokens_and_features(ids)
        agree(words, theirs.text_projection(theirs.text_model(ids).last_hidden_state))
        agree(ends, theirs.get_text_features(ids).pooler_output)
        hidden = theirs.vision_model(pixels()).last_hidden_state
        agree(ours.image_tokens(pixels()), theirs.visual_projection(hidden))


@pytest.mark.parametrize(
    ("configured", "end"), [(2, None), (7, 7)], ids=["old: the highest id", "new: the first end"]
)
def test_a_text_ends_where_the_configuration_says(configured: int, end: int | None) -> None:
    """With 7 as its end, which is not the highest id, the two rules differ."""
    theirs = hugging_face(4, vocabulary=40, end=configured)
    ids = torch.tensor([[1, 30, 39, 7, 7, 39, 5], [1, 7, 39, 7, 2, 2, 2]])

    ours = clip_from(theirs.state_dict(), OPENAI_B32, source="a file")

    with torch.inference_mode():
        agree(ours.text_features(ids, end), theirs.get_text_features(ids).pooler_output)


def test_padding_does_not_change_what_a_text_means() -> None:
    ours = clip_from(hugging_face(6).state_dict(), OPENAI_B32, source="a file")
    ids = tokens()
    padded_with_ends = torch.where(ids == 0, VOCABULARY - 1, ids)

    agree(ours.text_features(padded_with_ends, VOCABULARY - 1), ours.text_features(ids))


def test_an_image_alone_and_among_others_has_the_same_features() -> None:
    ours = clip_from(hugging_face(7).state_dict(), OPENAI_B32, source="a file")
    many = pixels(5)

    together = ours.image_features(many)

    agree(torch.cat([ours.image_features(one[None]) for one in many]), together)
    agree(ours.image_features(many.flip(0)).flip(0), together)


def test_a_checkpoint_in_half_precision_is_used_in_float32() -> None:
    state = {name: value.half() for name, value in hugging_face(8).state_dict().items()}

    ours = clip_from(state, OPENAI_B32, source="a file")

    assert {value.dtype for value in ours.state_dict().values()} == {torch.float32}
    assert not ours.training
    assert not any(value.requires_grad for value in ours.parameters())


def test_position_numbers_of_old_files_are_no_weights() -> None:
    state = hugging_face(9).state_dict()
    state["text_model.embeddings.position_ids"] = torch.arange(LENGTH)[None]
    state["vision_model.embeddings.position_ids"] = torch.arange(17)[None]

    assert clip_from(state, OPENAI_B32, source="a file").plan.side == 32


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("visual_projection.weight", "visual_projection.weight"),
        ("vision_model.encoder.layers.1.layer_norm2.bias", "layer_norm2.bias"),
    ],
)
def test_a_file_that_lacks_a_tensor_is_refused(spoil: str, said: str) -> None:
    state = hugging_face(10).state_dict()
    del state[spoil]

    with pytest.raises(Unavailable, match=rf"(?s)weights_of_another_network .*{said}.*file=a\.bin"):
        clip_from(state, OPENAI_B32, source="a.bin")


def test_a_tensor_too_many_is_refused() -> None:
    state = {**open_clips(11).state_dict(), "score_predictor.weight": torch.zeros(1)}

    with pytest.raises(Unavailable, match="score_predictor"):
        clip_from(state, LAION_H14, source="a.pt")


def test_a_width_that_does_not_divide_into_the_heads_is_refused() -> None:
    with pytest.raises(Unavailable, match="24 does not divide into 16 heads"):
        clip_from(hugging_face(12).state_dict(), OPENAI_L14, source="a.bin")


# Published sizes: OpenAI's and LAION's configurations, recalled.
B32 = Plan(
    Sizes(768, 12, 3072, 12), Sizes(512, 12, 2048, 8), Activation.QUICK_GELU,
    side=224, patch=32, vocabulary=VOCABULARY, context=77, embedding=512,
)  # fmt: skip
L14 = Plan(
    Sizes(1024, 24, 4096, 16), Sizes(768, 12, 3072, 12), Activation.QUICK_GELU,
    side=224, patch=14, vocabulary=VOCABULARY, context=77, embedding=768,
)  # fmt: skip
H14 = Plan(
    Sizes(1280, 32, 5120, 16), Sizes(1024, 24, 4096, 16), Activation.GELU,
    side=224, patch=14, vocabulary=VOCABULARY, context=77, embedding=1024,
)  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "traits", "parameters", "shapes"),
    [
        (
            B32,
            OPENAI_B32,
            151_277_313,
            {
                "text_projection.weight": (512, 512),
                "visual_projection.weight": (512, 768),
                "text_model.embeddings.position_embedding.weight": (77, 512),
                "text_model.embeddings.token_embedding.weight": (49408, 512),
                "vision_model.embeddings.position_embedding.weight": (50, 768),
                "vision_model.embeddings.patch_embedding.weight": (768, 3, 32, 32),
                "vision_model.pre_layrnorm.weight": (768,),
                "logit_scale": (),
            },
        ),
        (
            L14,
            OPENAI_L14,
            427_616_513,
            {
                "text_projection.weight": (768, 768),
                "visual_projection.weight": (768, 1024),
                "vision_model.embeddings.position_embedding.weight": (257, 1024),
                "vision_model.encoder.layers.23.mlp.fc1.weight": (4096, 1024),
            },
        ),
        (
            H14,
            LAION_H14,
            986_109_441,
            {
                "text_projection.weight": (1024, 1024),
                "visual_projection.weight": (1024, 1280),
                "text_model.encoder.layers.23.self_attn.q_proj.bias": (1024,),
                "vision_model.encoder.layers.31.mlp.fc2.weight": (1280, 5120),
            },
        ),
    ],
    ids=["B/32", "L/14", "H/14"],
)
def test_the_published_sizes_have_the_published_names_and_shapes(
    plan: Plan, traits: Traits, parameters: int, shapes: dict[str, tuple[int, ...]]
) -> None:
    with torch.device("meta"):
        clip = Clip(plan)
    state = clip.state_dict()

    assert {name: tuple(state[name].shape) for name in shapes} == shapes
    assert plan_of(published_names(state), traits) == plan
    assert sum(value.numel() for value in clip.parameters()) == parameters
