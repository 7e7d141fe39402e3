"""Tokens against OpenAI's own tokeniser (in open_clip's keeping) and transformers'."""

from pathlib import Path

import pytest
import torch

from scoring.metrics.networks.text_tokens import bert_tokens, clip_tokens, openai_clean
from scoring.reasons import Code, Reason
from scoring.weights.files import Unavailable
from tests.scoring.tiny_networks import (
    END,
    LENGTH,
    VOCABULARY,
    bert_tokenizer,
    hugging_face_tokenizer,
    openai_tokenizer,
    tokenizer_json,
    vocabulary_files,
)

PLAIN = [
    "A photo depicts a red cube, on a blue sphere.",
    "it's the DOG'S  bone\n\tand  they're 1234 m² — “quoted” … naïve café",
    "一只猫坐在月亮上，赛博朋克风格",
    "emoji 🐈‍⬛ and ﬁgures ﬂow; İstanbul ΣΊΣΥΦΟΣ",
    "x",
    "(masterpiece:1.2), ((best quality)), <lora:thing:0.8>, 8k, --ar 16:9",
    ", ".join(["very long prompt about many things"] * 30),
]
MENDED = [*PLAIN, "Tom &amp;amp; Jerry &lt;3", "schÃ¶n ist’s", "ＦＵＬＬ ｗｉｄｔｈ！"]


@pytest.fixture(params=["tokenizer.json", "vocab.json and merges.txt"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Path]:
    if request.param != "tokenizer.json":
        return vocabulary_files(tmp_path)
    (tmp_path / "tokenizer.json").write_text(tokenizer_json())
    return {"tokenizer.json": tmp_path / "tokenizer.json"}


def test_as_transformers_reads_a_prompt(files: dict[str, Path]) -> None:
    theirs = hugging_face_tokenizer()(
        PLAIN, padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt"
    )

    ours = clip_tokens(files)(PLAIN)

    assert torch.equal(ours.ids, theirs["input_ids"])
    assert torch.equal(ours.real, theirs["attention_mask"].bool())


def test_as_openai_reads_a_prompt(files: dict[str, Path]) -> None:
    theirs = openai_tokenizer()(MENDED, LENGTH)

    ours = clip_tokens(files, pad=0, clean=openai_clean)(MENDED)

    assert torch.equal(ours.ids, theirs)


def test_a_long_prompt_is_cut_and_says_so(files: dict[str, Path]) -> None:
    exactly, longer = "cat " * 75, "cat " * 80

    tokens = clip_tokens(files)([exactly, longer])

    assert tokens.ids.shape == (2, LENGTH)
    assert tokens.ids[:, -1].tolist() == [VOCABULARY - 1] * 2
    assert tokens.cut == (0, 5)
    assert tokens.warnings() == [(), (Reason(Code.PROMPT_CUT, read=75, tokens=80),)]


def test_a_prompt_that_names_the_closing_token_ends_there(files: dict[str, Path]) -> None:
    tokens = clip_tokens(files)([f"a cat{END} a dog"])
    theirs = hugging_face_tokenizer()([f"a cat{END} a dog"])["input_ids"][0]

    assert tokens.ids[0, : len(theirs)].tolist() == theirs
    assert theirs.count(VOCABULARY - 1) == 2


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "cat", "red", "##s", "##t", "on", "the"]
WORDS += ["cafe", ",", ".", "!", "'", "猫", "c", "##a", "(", ")", "[", "]", "-"]


def test_bert_tokens_are_those_of_transformers_with_blips_two_more(tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    texts = [
        "A RED cat's, on the Café!",
        "红猫 cat",
        "[ENC] cats [SEP] [DEC]",
        "cat " * 50,
        "\ta\x00b",
    ]

    tokens = bert_tokens({"vocab.txt": tmp_path / "vocab.txt"}, length=35)(texts)

    theirs = bert_tokenizer(WORDS)(
        texts, padding="max_length", truncation=True, max_length=35, return_tensors="pt"
    )
    assert torch.equal(tokens.ids, theirs["input_ids"])
    assert torch.equal(tokens.real, theirs["attention_mask"].bool())
    assert tokens.ids[2, 1] == len(WORDS) + 1
    assert tokens.warnings()[3] == (Reason(Code.PROMPT_CUT, read=33, tokens=50),)


def test_a_vocabulary_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "vocab.txt").write_text("a\nb\n")

    with pytest.raises(Unavailable, match=r"vocabulary_unreadable .*tokenizer\.json"):
        clip_tokens({"tokenizer.json": tmp_path / "tokenizer.json"})
    with pytest.raises(Unavailable):
        clip_tokens({})
    with pytest.raises(Unavailable):
        bert_tokens({"vocab.txt": tmp_path / "vocab.txt"}, length=35)
