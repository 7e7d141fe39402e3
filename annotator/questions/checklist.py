"""The rows of the checklist that came with the item: yes, no or not sure; a "no" skips others."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.core.reasons import Code, Reason
from annotator.questions import reading
from annotator.questions.types import (
    AnswerInvalid,
    Answers,
    ChecklistRow,
    ImageBounds,
    ItemSpec,
    Kind,
    Numbers,
    Piece,
    PieceType,
    QuestionSpec,
    Together,
    Unit,
    Vote,
)
from scoring.votes import more_than_half

YES, NO, UNSURE = "yes", "no", "unsure"
CHOICES = (YES, NO, UNSURE)
# A column of numbers by skill begins so.
SKILL = "skill."


def gates_of(rows: Sequence[ChecklistRow], answers: Mapping[str, str]) -> dict[str, str]:
    """Row id → the row it depends on that was answered no, or is itself skipped; of the skipped."""
    skipped: dict[str, str] = {}
    for row in rows:
        shut = [one for one in row.depends_on if one in skipped or answers.get(one) == NO]
        if shut:
            skipped[row.id] = shut[0]
    return skipped


def parse(raw: Any, question: QuestionSpec, item: ItemSpec) -> tuple[Piece, ...]:
    """{"rows": {"r1": "yes", "r2": "no"}}: every row but those that a "no" skips."""
    given = reading.content(raw, "rows", question)
    if not item.checklist:
        raise AnswerInvalid(question, Reason(Code.ANSWER_NO_CHECKLIST))
    if not isinstance(given, dict):
        raise AnswerInvalid(question, Reason(Code.ANSWER_NOT_BY_ROW))
    known = {row.id for row in item.checklist}
    for name, value in given.items():
        if name not in known:
            raise AnswerInvalid(question, Reason(Code.ANSWER_NO_SUCH_ROW, row=reading.shown(name)))
        reading.one_of(value, CHOICES, question)
    skipped = gates_of(item.checklist, given)
    for row in item.checklist:
        if row.id in skipped and row.id in given:
            reason = Reason(Code.ANSWER_ROW_SKIPPED, row=row.id, gate=skipped[row.id])
            raise AnswerInvalid(question, reason)
        if row.id not in skipped and row.id not in given:
            raise AnswerInvalid(question, Reason(Code.ANSWER_ROW_MISSING, row=row.id))
    return tuple(
        Piece(PieceType.ROW, ordinal=place, choice=given[row.id], number=place)
        for place, row in enumerate(item.checklist)
        if row.id in given
    )


def dump(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> Any:
    """{"rows": …}, in the checklist's order."""
    return {"rows": {row.id: choice for row, choice in answered_rows(pieces, item)}}


def answered_rows(pieces: Sequence[Piece], item: ItemSpec) -> Iterator[tuple[ChecklistRow, str]]:
    """The rows that were answered, in the checklist's order, and how."""
    by_place = {piece.number: piece.choice for piece in pieces}
    for place, row in enumerate(item.checklist):
        if place in by_place:
            yield row, by_place[place]


def votes(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> tuple[Vote, ...]:
    """What each row was answered; of a skipped one nothing."""
    return tuple(Vote(Unit(key=row.id), choice) for row, choice in answered_rows(pieces, item))


def numbers(
    pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec, letter: str
) -> Numbers:
    """The share of yes among the rows answered yes or no, of all and of each skill."""
    by_name: dict[str, list[bool]] = defaultdict(list)
    for row, choice in answered_rows(pieces, item):
        if choice != UNSURE:
            by_name["yes_share"].append(choice == YES)
            if row.kind:
                by_name[f"{SKILL}{row.kind}"].append(choice == YES)
    return {name: sum(given) / len(given) for name, given in by_name.items()}


def counts(answers: Answers, item: ItemSpec) -> list[Counter[str]]:
    """Of each row how many people gave each answer."""
    found: list[Counter[str]] = [Counter() for _ in item.checklist]
    for pieces in answers:
        for piece in pieces:
            found[piece.number or 0][piece.choice] += 1
    return found


def decided(counted: Mapping[str, int], people: int) -> str | None:
    """What more than half of `people` answered a row; None where no answer has so many."""
    return next((name for name in CHOICES if more_than_half(counted.get(name, 0), people)), None)


def together(answers: Answers, question: QuestionSpec, item: ItemSpec) -> dict[str, Any]:
    """How many people said what of each row, and what they say together."""
    people = len(answers)
    shares = [numbers(pieces, question, item, "").get("yes_share") for pieces in answers]
    told = [share for share in shares if share is not None]
    return {
        "rows": [
            {
                "id": row.id,
                "text": row.text,
                "kind": row.kind,
                **{name: counted[name] for name in CHOICES},
                "skipped": people - counted.total(),
                "answer": decided(counted, people),
            }
            for row, counted in zip(item.checklist, counts(answers, item), strict=True)
        ],
        "yes_share": sum(told) / len(told) if told else None,
    }


KIND = Kind(
    name="checklist",
    parse=parse,
    dump=dump,
    votes=votes,
    pieces=frozenset({PieceType.ROW}),
    level="nominal",
    unit="row",
    columns=lambda question: {"yes_share": "share of yes among the rows answered yes or no"},
    numbers=numbers,
    together=Together(
        lambda question: {
            "rows": [
                {
                    **dict.fromkeys(("id", "text", "kind"), str),
                    **dict.fromkeys((*CHOICES, "skipped"), int),
                    "answer": str,
                }
            ],
            "yes_share": float,
        },
        together,
        "rows: people who answered each, and to whom a “no” before skipped it; answer: what more "
        "than half said, or null; yes_share: the mean of everybody's yes among yes and no",
    ),
    images=ImageBounds(1, 1),
    needs_checklist=True,
    abstentions=frozenset({UNSURE}),
)
