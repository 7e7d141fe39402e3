"""Other people's CLIPs, tiny and seeded, and the files that they would be published in.

The vocabulary is the real one: open_clip ships OpenAI's merges, which are all there is to it.
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

import tests.references  # noqa: F401 - makes torchvision importable, before these want it

with warnings.catch_warnings():
    # Their dependencies' own: deprecated names in what they import.
    warnings.simplefilter("ignore")
    import open_clip
    import torchvision
    from open_clip.tokenizer import SimpleTokenizer
    from transformers import BertTokenizer, CLIPConfig, CLIPModel, CLIPTokenizer
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from scoring.images import RGB
from scoring.weights.files import REGISTRY
from scoring.weights.published import Weights

START, END = "<|startoftext|>", "<|endoftext|>"
VOCABULARY = 49_408
LENGTH = 77


def agree(ours: Tensor, theirs: Tensor, within: float = 1e-5) -> None:
    """The largest difference, against the largest number there is."""
    assert ours.shape == theirs.shape
    difference = (ours.double() - theirs.double()).abs().max()
    assert difference <= within * theirs.double().abs().max(), difference


def random_image(height: int, width: int, seed: int = 0) -> RGB:
    """Soft blobs and some noise: something that resizing changes."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    waves = [
        np.sin(rows / a + c) * np.cos(columns / b) for a, b, c in random.uniform(3, 30, (3, 3))
    ]
    levels = 128 + 90 * np.stack(waves, -1) + random.normal(0, 15, (height, width, 3))
    return levels.clip(0, 255).astype(np.uint8)


def shaken(network: nn.Module, seed: int) -> None:
    """Random weights large enough that activations, norms and attention all matter."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith("logit_scale"):
                value.fill_(np.log(100))
            elif value.ndim > 1:
                fan_in = value[0].numel()
                value.normal_(0, 1.5 / fan_in**0.5, generator=generator)
            else:
                middle = 1.0 if name.endswith(".weight") else 0.0
                value.normal_(middle, 0.2, generator=generator)


def hugging_face(
    seed: int,
    *,
    vision: tuple[int, int] = (24, 12),
    text: tuple[int, int] = (16, 8),
    activation: str = "quick_gelu",
    side: int = 32,
    patch: int = 8,
    embedding: int = 12,
    layers: int = 2,
    end: int = VOCABULARY - 1,
    vocabulary: int = VOCABULARY,
) -> CLIPModel:
    """A CLIPModel; ``vision`` and ``text`` are width and heads."""
    both = {"num_hidden_layers": layers, "hidden_act": activation, "projection_dim": embedding}
    config = CLIPConfig(
        projection_dim=embedding,
        vision_config={
            **both,
            "hidden_size": vision[0],
            "num_attention_heads": vision[1],
            "intermediate_size": 3 * vision[0],
            "image_size": side,
            "patch_size": patch,
        },
        text_config={
            **both,
            "hidden_size": text[0],
            "num_attention_heads": text[1],
            "intermediate_size": 3 * text[0],
            "vocab_size": vocabulary,
            "max_position_embeddings": LENGTH,
            "bos_token_id": vocabulary - 2,
            "eos_token_id": end,
            "pad_token_id": 1,
        },
    )
    model = CLIPModel(config).eval()
    shaken(model, seed)
    return model


def open_clips(
    seed: int,
    *,
    vision: tuple[int, int] = (32, 16),
    text: tuple[int, int] = (32, 16),
    quick_gelu: bool = False,
) -> open_clip.CLIP:
    """open_clip's CLIP: pre-made attention, its own names."""
    model = open_clip.CLIP(
        embed_dim=12,
        vision_cfg=open_clip.CLIPVisionCfg(
            layers=2,
            width=vision[0],
            head_width=vision[0] // vision[1],
            patch_size=8,
            image_size=32,
        ),
        text_cfg=open_clip.CLIPTextCfg(
            context_length=LENGTH, vocab_size=VOCABULARY, width=text[0], heads=text[1], layers=2
        ),
        quick_gelu=quick_gelu,
    ).eval()
    shaken(model, seed)
    return model


@cache
def openai_tokenizer() -> SimpleTokenizer:
    """OpenAI's own tokeniser, in open_clip's keeping."""
    return SimpleTokenizer()


@cache
def openai_vocabulary() -> tuple[dict[str, int], list[str]]:
    """Its tokens and merges, by transformers' names of the two special ones."""
    theirs = openai_tokenizer()
    renamed = {"<start_of_text>": START, "<end_of_text>": END}
    tokens = {renamed.get(token, token): number for token, number in theirs.encoder.items()}
    return tokens, [" ".join(pair) for pair in theirs.bpe_ranks]


@cache
def hugging_face_tokenizer() -> CLIPTokenizer:
    """transformers' tokeniser of the same vocabulary."""
    tokens, merges = openai_vocabulary()
    pairs = [tuple(merge.split()) for merge in merges]
    return CLIPTokenizer(vocab=tokens, merges=pairs, model_max_length=LENGTH)


def bert_tokenizer(words: list[str]) -> BertTokenizer:
    """transformers' tokeniser of a vocabulary, with the two tokens that BLIP adds, in its order."""
    tokenizer = BertTokenizer(vocab={word: number for number, word in enumerate(words)})
    tokenizer.add_special_tokens({"bos_token": "[DEC]"})
    tokenizer.add_special_tokens({"additional_special_tokens": ["[ENC]"]})
    return tokenizer


def image_processor(side: int = 224) -> CLIPImageProcessorPil:
    """transformers' Pillow processor; its torchvision one gives other numbers."""
    square = {"height": side, "width": side}
    return CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size=square)


def open_clip_transform(side: int) -> torchvision.transforms.Compose:
    """open_clip's transform for inference."""
    return open_clip.image_transform(side, is_train=False)


def hps_transform(image: RGB, side: int) -> Tensor:
    """HPS v2's: its ``ResizeMaxSize`` put together from torchvision's own operators.

    It comes after ``ToTensor``, so that a float tensor is resized. With the longer side at
    ``side`` the published one neither resizes nor pads, and fails unless the image is square;
    here the padding is added, which is what it does for a pixel more or less.
    """
    functions = torchvision.transforms.functional
    unit = functions.to_tensor(image)
    scale = side / float(max(image.shape[:2]))
    size = [round(length * scale) for length in image.shape[:2]]
    resized = functions.resize(unit, size, torchvision.transforms.InterpolationMode.BICUBIC)
    down, right = side - size[0], side - size[1]
    border = [right // 2, down // 2, right - right // 2, down - down // 2]
    padded = functions.pad(resized, border, fill=0)
    mean, deviation = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    normal: Tensor = functions.normalize(padded, mean, deviation)
    return normal


@cache
def tokenizer_json() -> str:
    """What transformers would save it as."""
    return str(hugging_face_tokenizer().backend_tokenizer.to_str())


def vocabulary_files(folder: Path) -> dict[str, Path]:
    """``vocab.json`` and ``merges.txt`` as the repositories have them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens, merges = openai_vocabulary()
    (folder / "vocab.json").write_text(json.dumps(tokens))
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]))
    return {name: folder / name for name in ("vocab.json", "merges.txt")}


def published(root: Path, name: str, contents: Mapping[str, bytes]) -> Weights:
    """Puts files where these weights are looked for; an entry that asks for no size and no hash."""
    entry = REGISTRY[name]
    for file in entry.files:
        path = root / file.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[file.name])
    files = tuple(replace(file, bytes=None, sha256=None, sha256_prefix="") for file in entry.files)
    return replace(entry, files=files)
