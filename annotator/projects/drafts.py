"""Questions of a custom project before they are rows, and what is wrong with them."""

import re
from collections.abc import Iterator, Sequence

from annotator.core.reasons import Code, Reason
from annotator.projects.question_drafts import QuestionDraft

MAX_QUESTIONS = 30
MAX_OPTIONS = 40
MOST_LEVELS = 3
MAX_TITLE = 200
MAX_HELP = 5000
TEXTS = {"title": MAX_TITLE, "title_zh": MAX_TITLE, "help": MAX_HELP, "help_zh": MAX_HELP}
LOWEST, HIGHEST = 0, 100
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")

Refusals = Iterator[tuple[str, Reason]]


def refusals_of(drafts: Sequence[QuestionDraft]) -> dict[str, Reason]:
    """What can't be taken, by its path, e.g. `questions.0.scale`; the first reason for each."""
    if not 1 <= len(drafts) <= MAX_QUESTIONS:
        return {"questions": Reason(Code.QUESTION_COUNT, min=1, max=MAX_QUESTIONS)}
    found: dict[str, Reason] = {}
    for place, draft in enumerate(drafts):
        for field, reason in (*_draft(draft, drafts[:place]), *_words(draft, drafts)):
            found.setdefault(f"questions.{place}.{field}", reason)
    return found


def _draft(draft: QuestionDraft, before: Sequence[QuestionDraft]) -> Refusals:
    if not KEY.fullmatch(draft.key):
        yield "id", _unfit(draft.key)
    if draft.key in {earlier.key for earlier in before}:
        yield "id", Reason(Code.KEY_TWICE, id=draft.key[:50])
    for field, most in TEXTS.items():
        if len(getattr(draft, field)) > most:
            yield field, Reason(Code.TEXT_TOO_LONG, max=most)
    yield from _scale(draft)
    yield from _rates(draft)
    yield from _anchors(draft) if draft.kind.rates else _options(draft)
    yield from _about(draft, before)


def _unfit(key: str) -> Reason:
    return Reason(Code.KEY_UNFIT, id=key[:50], max=50)


def _scale(draft: QuestionDraft) -> Refusals:
    low, high = draft.scale_min, draft.scale_max
    if not draft.kind.has_scale:
        if (low, high) != (None, None):
            yield "scale", Reason(Code.KIND_WITHOUT_SCALE, kind=draft.kind.name)
    elif low is None or high is None:
        yield "scale", Reason(Code.KIND_NEEDS_SCALE, kind=draft.kind.name)
    elif draft.kind.steps:
        fewest, most = draft.kind.steps
        if low != 1 or not fewest <= high <= most:
            yield "scale", Reason(Code.STEPS_UNFIT, steps=high, min=fewest, max=most)
    elif not LOWEST <= low < high <= HIGHEST:
        yield "scale", Reason(Code.SCALE_UNFIT, low=low, high=high, min=LOWEST, max=HIGHEST)


def _rates(draft: QuestionDraft) -> Refusals:
    for field in ("half_points", "na"):
        if getattr(draft, field) and not draft.kind.rates:
            yield field, Reason(Code.KIND_RATES_NOTHING, kind=draft.kind.name)
    if draft.unsure and draft.kind.unsure is None:
        yield "unsure", Reason(Code.KIND_IS_SURE, kind=draft.kind.name)


def _words(draft: QuestionDraft, drafts: Sequence[QuestionDraft]) -> Refusals:
    """Spans of words, and links from them to what another question asks for."""
    for field in ("spans", "links"):
        if getattr(draft, field) and not draft.kind.links:
            yield field, Reason(Code.KIND_WITHOUT_WORDS, kind=draft.kind.name)
    if draft.links and not any(one.kind.places for one in drafts):
        yield "links", Reason(Code.NO_PLACES_TO_LINK)


def _anchors(draft: QuestionDraft) -> Refusals:
    """Words at points of the scale, each under its number."""
    low, high = draft.scale_min or 0, draft.scale_max or 0
    points = [str(point) for point in range(low, high + 1)]
    keys = [option.key for option in draft.options]
    for key in keys:
        if key not in points:
            yield "options", Reason(Code.NO_POINT_OF_SCALE, id=key[:50], low=low, high=high)
        if keys.count(key) > 1:
            yield "options", Reason(Code.KEY_TWICE, id=key[:50])
    yield from _tree(draft)
    yield from _texts(draft)


def _options(draft: QuestionDraft) -> Refusals:
    keys = [option.key for option in draft.options]
    if not draft.kind.has_options:
        if keys:
            yield "options", Reason(Code.KIND_WITHOUT_OPTIONS, kind=draft.kind.name)
        return
    fewest = 2 if draft.kind.one_option else 1
    if not fewest <= len(keys) <= MAX_OPTIONS:
        yield "options", Reason(Code.OPTION_COUNT, min=fewest, max=MAX_OPTIONS)
    for key in keys:
        if not KEY.fullmatch(key):
            yield "options", _unfit(key)
        if keys.count(key) > 1:
            yield "options", Reason(Code.KEY_TWICE, id=key[:50])
    yield from _tree(draft)
    yield from _texts(draft)


def _tree(draft: QuestionDraft) -> Refusals:
    """Parents stand above their children: so there is no circle."""
    levels = {"": 0}
    for option in draft.options:
        if option.parent and not draft.kind.tree:
            yield "options", Reason(Code.KIND_OPTIONS_FLAT, kind=draft.kind.name)
        elif option.parent not in levels:
            yield (
                "options",
                Reason(Code.OPTION_PARENT_NOT_ABOVE, id=option.key[:50], parent=option.parent[:50]),
            )
        elif levels[option.parent] == MOST_LEVELS:
            yield "options", Reason(Code.OPTION_TOO_DEEP, id=option.key[:50], max=MOST_LEVELS)
        levels[option.key] = levels.get(option.parent, 0) + 1


def _texts(draft: QuestionDraft) -> Refusals:
    if any(
        len(text) > MAX_TITLE
        for option in draft.options
        for text in (option.title, option.title_zh)
    ):
        yield "options", Reason(Code.TEXT_TOO_LONG, max=MAX_TITLE)


def _about(draft: QuestionDraft, before: Sequence[QuestionDraft]) -> Refusals:
    if not draft.about:
        return
    if not draft.kind.about_a_pick:
        yield "about", Reason(Code.KIND_NOT_ABOUT_A_PICK, kind=draft.kind.name)
    elif draft.about not in {earlier.key for earlier in before if earlier.kind.picks}:
        yield "about", Reason(Code.NO_PICK_BEFORE, id=draft.about[:50])
