"""Prompts as numbered tokens, by the vocabulary files that come with the weights.

A text too long is cut so that its closing token stays, as all the published tokenisers do; how
much was cut is told, for a prompt that was not read to its end has another value.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ftfy
import torch
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE, WordPiece
from torch import Tensor

from scoring.reasons import Code, Reason
from scoring.weights.files import Unavailable

_START, _END = "<|startoftext|>", "<|endoftext|>"
# Letters in a run, digits and other signs: OpenAI's pattern, as transformers' CLIPTokenizer has it.
_WORDS = (
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)
_UNKNOWN = "[UNK]"
_BERT_SPECIAL = ("[PAD]", _UNKNOWN, "[CLS]", "[SEP]", "[MASK]")
_BLIP_SPECIAL = ("[DEC]", "[ENC]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """``ids`` int64 (n, length); ``real`` bool, False at padding; ``cut``: tokens that did not fit.

    ``length`` counts the opening and the closing token.
    """

    ids: Tensor
    real: Tensor
    cut: tuple[int, ...]

    def warnings(self) -> list[tuple[Reason, ...]]:
        """For each text that it was not read to its end; nothing for most."""
        room = self.ids.shape[1] - 2
        return [
            (Reason(Code.PROMPT_CUT, read=room, tokens=room + cut),) if cut else ()
            for cut in self.cut
        ]


@dataclass(frozen=True, slots=True)
class TextTokens:
    """A tokeniser: ``length`` tokens a text, filled up with ``pad``; ``end`` closes a text."""

    tokenizer: Tokenizer
    length: int
    pad: int
    end: int
    clean: Callable[[str], str] | None = None

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """The tokens of some texts, in order."""
        cleaned = [self.clean(text) for text in texts] if self.clean else list(texts)
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(cleaned)]
        ids = torch.full((len(rows), self.length), self.pad, dtype=torch.int64)
        real = torch.zeros((len(rows), self.length), dtype=torch.bool)
        for place, row in enumerate(rows):
            kept = [*row[: self.length - 1], row[-1]] if len(row) > self.length else row
            ids[place, : len(kept)] = torch.tensor(kept)
            real[place, : len(kept)] = True
        return Tokens(ids, real, tuple(max(0, len(row) - self.length) for row in rows))


def openai_clean(text: str) -> str:
    """What OpenAI's and open_clip's own tokenisers do first, and transformers' does not.

    ftfy mends encoding accidents and makes typographic quotes and full-width letters plain;
    entities are resolved twice, white space is one blank, letters are small.
    """
    return " ".join(html.unescape(html.unescape(ftfy.fix_text(text))).split()).lower()


def clip_tokens(
    files: Mapping[str, Path],
    *,
    pad: int | None = None,
    clean: Callable[[str], str] | None = None,
    length: int = 77,
) -> TextTokens:
    """CLIP's byte-pair tokens from ``tokenizer.json``, else ``vocab.json`` and ``merges.txt``.

    ``pad`` is the number that fills up: OpenAI's and open_clip's tokenisers take 0; None takes the
    closing token, as transformers does. Attention looks back only, so that padding changes no
    text's features, but MPS reads the features of the padding too. Raises Unavailable for files
    that are no such vocabulary.
    """
    tokenizer = _read(files, _clip_tokenizer)
    end = _id(tokenizer, _END)
    return TextTokens(tokenizer, length, end if pad is None else pad, end, clean)


def bert_tokens(files: Mapping[str, Path], *, length: int) -> TextTokens:
    """BERT's word pieces, lower-cased, from ``vocab.txt``, with BLIP's two further tokens.

    ``[DEC]`` and ``[ENC]`` are not in the file: they get the two numbers behind its last (30522 and
    30523 of bert-base-uncased), for which BLIP's text encoder has rows. Raises Unavailable.
    """
    tokenizer = _read(files, _bert_tokenizer)
    return TextTokens(tokenizer, length, _id(tokenizer, "[PAD]"), _id(tokenizer, "[SEP]"))


def _read(files: Mapping[str, Path], build: Callable[[Mapping[str, Path]], Tokenizer]) -> Tokenizer:
    try:
        tokenizer = build(files)
    except Unavailable:
        raise
    # The Rust side raises bare Exceptions for files that it cannot read.
    except Exception as error:
        why = Reason(Code.VOCABULARY_UNREADABLE, files=tuple(sorted(files)), error=str(error)[:400])
        raise Unavailable(why) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _clip_tokenizer(files: Mapping[str, Path]) -> Tokenizer:
    if "tokenizer.json" in files:
        return Tokenizer.from_file(str(files["tokenizer.json"]))
    vocabulary, merges = BPE.read_file(str(files["vocab.json"]), str(files["merges.txt"]))
    _require(vocabulary, (_START, _END))
    tokenizer = Tokenizer(
        BPE(vocabulary, merges, unk_token=_END, end_of_word_suffix="</w>", fuse_unk=False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.add_special_tokens([_START, _END])
    tokenizer.post_processor = processors.RobertaProcessing(
        (_END, _id(tokenizer, _END)),
        (_START, _id(tokenizer, _START)),
        trim_offsets=False,
        add_prefix_space=False,
    )
    return tokenizer


def _bert_tokenizer(files: Mapping[str, Path]) -> Tokenizer:
    vocabulary = WordPiece.read_file(str(files["vocab.txt"]))
    _require(vocabulary, _BERT_SPECIAL)
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens([*_BERT_SPECIAL, *_BLIP_SPECIAL])
    around = [(token, _id(tokenizer, token)) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, around)
    return tokenizer


def _require(vocabulary: Mapping[str, int], tokens: Sequence[str]) -> None:
    """A missing token would be numbered anew, and mean nothing to the network."""
    for token in tokens:
        if token not in vocabulary:
            raise Unavailable(Reason(Code.VOCABULARY_INCOMPLETE, token=token))


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise Unavailable(Reason(Code.VOCABULARY_INCOMPLETE, token=token))
    return number
