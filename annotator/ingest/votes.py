"""What imported judges said of an item, as a row tells it: `votes`, a list of answers.

One is `{"answers": {question: answer}, "judge"?, "count"?}`, a the row's first image; a list of
answers is one answer in several forms, of which the first that fits is taken. What a question of
the project's own does not ask, or asks otherwise, is left out and counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from annotator.core.reasons import Code, Reason
from annotator.ingest.values import UnfitValue, text
from annotator.judges.selectors import ImportedVote
from annotator.questions.kinds import KINDS, without_loose_links
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, QuestionSpec

MOST_VOTES = 1000
MOST_OF_ONE = 30_000
LONGEST_JUDGE = 200

Heard = tuple[ImportedVote, ...]
Unheard = tuple[str, ...]


def votes_in(
    value: object, questions: Sequence[QuestionSpec], source: str, item: Callable[[], ItemSpec]
) -> tuple[Heard, Unheard]:
    """The votes on the project's questions, and of each other answer by what name it goes.

    Of an item without images, which is none, nothing is heard. Raises UnfitValue.
    """
    if value is None or value == "":
        return (), ()
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError) as error:
            raise UnfitValue(Reason(Code.VOTES_UNREADABLE), "votes") from error
    if not isinstance(value, list) or len(value) > MOST_VOTES:
        raise UnfitValue(Reason(Code.VOTES_UNREADABLE), "votes")
    spec = item()
    heard: list[ImportedVote] = []
    unheard: list[str] = []
    judges: set[str] = set()
    for one in value:
        judge, count, answers = _read(one)
        fitting = dict(_fitting(answers, questions, spec))
        unheard += [name for name in answers if name not in fitting for _ in range(count)]
        if fitting and judge not in judges:
            judges |= {judge} - {""}
            pieces = without_loose_links(dict(fitting.values()), questions)
            heard.append(ImportedVote(pieces, judge, count, source))
    return tuple(heard), tuple(unheard)


def _read(one: object) -> tuple[str, int, Mapping[str, object]]:
    if not isinstance(one, Mapping) or not isinstance(answers := one.get("answers"), Mapping):
        raise UnfitValue(Reason(Code.VOTES_UNREADABLE), "votes")
    judge = one.get("judge")
    count = one.get("count", 1)
    if type(count) is not int or not 1 <= count <= MOST_OF_ONE or (judge and count > 1):
        raise UnfitValue(Reason(Code.VOTES_UNREADABLE), "votes")
    told = str(judge) if isinstance(judge, int) else judge
    return text(told, "judge", LONGEST_JUDGE), count, answers


def _fitting(
    answers: Mapping[str, object], questions: Sequence[QuestionSpec], item: ItemSpec
) -> Iterator[tuple[str, tuple[str, tuple[Piece, ...]]]]:
    """By the name that the row has for it: the project's question and what was said.

    A question that the row has no name for takes the one answer that fits it, and it alone.
    """
    if not item.letters:
        return
    others = [question for question in questions if question.key not in answers]
    nameless: dict[str, list[tuple[str, tuple[Piece, ...]]]] = {}
    for name, answer in answers.items():
        asked = [one for one in questions if one.key == name] or others
        given = [(one.key, pieces) for one in asked if (pieces := _pieces(answer, one, item))]
        if asked is not others:
            yield from ((name, one) for one in given)
        elif len(given) == 1:
            ((key, pieces),) = given
            nameless.setdefault(key, []).append((name, pieces))
    for key, found in nameless.items():
        if len(found) == 1:
            ((name, pieces),) = found
            yield name, (key, pieces)


def _pieces(answer: object, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """What it says to this question; nothing where it is no answer to it."""
    if question.about:
        return ()
    for form in answer if isinstance(answer, list) else [answer]:
        try:
            return KINDS[question.kind].parse(form, replace(question, required=False), item)
        except AnswerInvalid:
            continue
    return ()
