"""When two prompts are the same: what is drawn from one prompt stays together by it."""

import unicodedata

NORMAL_FORM = "nfc, casefold, single spaces, no final dot"
"""What `normal_form` does, by name: exports record it beside their splits."""

_END = " .。．"
# Letters and signs that draw nothing: fillers of Hangul and the empty pattern of Braille.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Controls, formats, spaces, and marks that stand on nothing.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"})


def normal_form(prompt: str) -> str:
    """The prompt without what makes no other prompt of it: capitals, runs of spaces, a final dot.

    Canonically equal texts are one (NFC); compatible ones, such as ² and 2, are two.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", prompt).casefold())
    spaced = " ".join(folded.split())
    return spaced.rstrip(_END) or spaced


def is_invisible(prompt: str) -> bool:
    """Whether nobody would see anything of it."""
    return all(one in _BLANKS or unicodedata.category(one) in _UNSEEN for one in prompt)
