"""When two prompts are the same: what is drawn from one prompt stays together by it."""

import unicodedata


def normal_form(prompt: str) -> str:
    """The prompt without what the eye does not tell apart: spaces, capitals, compatible signs."""
    return " ".join(unicodedata.normalize("NFKC", prompt).casefold().split())
