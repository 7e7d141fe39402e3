"""Promises about annotations: each is there once, and is an answer that its question allows."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Substr

from annotator.annotations.models import Annotation, AnnotationPiece
from annotator.annotations.selectors import pieces_of
from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.audit.scope import Invariant, Scope, Violations, in_stretches
from annotator.items.models import LETTERS, ItemImage
from annotator.items.selectors import item_spec, places_of
from annotator.projects.models import Question
from annotator.projects.selectors import questions_of, spec_of
from annotator.questions.kinds import KINDS, without_loose_links
from annotator.questions.types import AnswerInvalid, ItemSpec, Piece, PieceType, QuestionSpec

ANSWERED = (AssignmentState.SUBMITTED, AssignmentState.ACCEPTED, AssignmentState.REJECTED)
READ_AT_ONCE = 500


def _answerless(scope: Scope) -> Violations:
    counted = Annotation.objects.filter(assignment=OuterRef("pk"), counted=True, current=True)
    answered = Q(state__in=ANSWERED)
    return scope.within(
        Assignment.objects.filter(answered & ~Exists(counted) | ~answered & Exists(counted))
    )


def _of_others(scope: Scope) -> Violations:
    rows = Annotation.objects.filter(counted=True).exclude(annotator=F("assignment__annotator"))
    return scope.within(rows, "assignment__project")


def _foreign_items(scope: Scope) -> Violations:
    rows = Annotation.objects.exclude(item=F("assignment__item"))
    return scope.within(rows, "assignment__project")


def _lost_revisions(scope: Scope) -> Violations:
    rows = scope.within(Annotation.objects.filter(counted=True), "assignment__project")
    return (
        rows.values("assignment")
        .annotate(n=Count("pk"), newest=Max("revision"))
        .exclude(n=F("newest"))
    )


def _older_current(scope: Scope) -> Violations:
    newer = Annotation.objects.filter(
        assignment=OuterRef("assignment"), counted=True, revision__gt=OuterRef("revision")
    )
    rows = Annotation.objects.filter(Exists(newer), counted=True, current=True)
    return scope.within(rows, "assignment__project")


def _incomplete(scope: Scope) -> Violations:
    """Of a question about a picked image: only where the image was picked."""
    pieces = AnnotationPiece.objects.filter(annotation=OuterRef(OuterRef("pk")))
    answered = pieces.filter(question=OuterRef("pk"))
    picked = pieces.filter(question__key=OuterRef("about"))
    missing = Question.objects.filter(
        Q(about="") | Exists(picked),
        ~Exists(answered),
        Q(until=None) | Q(until__gt=OuterRef("version")),
        since__lte=OuterRef("version"),
        project=OuterRef("assignment__project"),
        required=True,
    )
    # An extra may be to questions that its item is not asked any more.
    rows = Annotation.objects.filter(counted=True).annotate(
        version=Coalesce("item__asked", "assignment__project__asked")
    )
    return scope.within(rows.filter(Exists(missing)), "assignment__project")


def _of_other_versions(scope: Scope) -> Violations:
    rows = AnnotationPiece.objects.filter(annotation__counted=True).annotate(
        version=Coalesce("annotation__item__asked", "annotation__assignment__project__asked")
    )
    ended = Q(question__until__lte=F("version"))
    return scope.within(
        rows.filter(ended | Q(question__since__gt=F("version"))),
        "annotation__assignment__project",
    )


def _foreign_questions(scope: Scope) -> Violations:
    rows = AnnotationPiece.objects.exclude(question__project=F("annotation__assignment__project"))
    return scope.within(rows, "annotation__assignment__project")


def _wrong_kinds(scope: Scope) -> Violations:
    fits = Q()
    for kind in KINDS.values():
        fits |= Q(question__kind=kind.name, type__in=kind.pieces)
    rows = AnnotationPiece.objects.exclude(fits)
    return scope.within(rows, "annotation__assignment__project")


def _no_such_image(scope: Scope) -> Violations:
    named = ItemImage.objects.annotate(letter_=Substr(Value(LETTERS), F("place") + 1, 1))
    there = named.filter(item=OuterRef("annotation__item"), letter_=OuterRef("letter"))
    rows = AnnotationPiece.objects.exclude(letter="").filter(~Exists(there))
    return scope.within(rows, "annotation__assignment__project")


def _not_on_offer(scope: Scope) -> list[str]:
    """Answers that could not be given: what they say is refused, or read as something else."""
    rows = scope.within(Annotation.objects.all(), "assignment__project").select_related("item")
    stretches = in_stretches(rows.order_by("item__project", "pk"), READ_AT_ONCE)
    return [
        f"annotation {annotation.pk}, question {question.key}"
        for annotation, question, item, pieces in chain.from_iterable(map(_answers, stretches))
        if not _can_be_given(pieces, question, item)
    ]


def _answers(
    annotations: Sequence[Annotation],
) -> Iterator[tuple[Annotation, QuestionSpec, ItemSpec, Sequence[Piece]]]:
    pieces = pieces_of(annotations)
    places = places_of({annotation.item_id for annotation in annotations})
    asked = {pk: questions_of(pk) for pk in {row.item.project_id for row in annotations}}
    specs = {question: spec_of(question) for rows in asked.values() for question in rows}
    for annotation in annotations:
        item = item_spec(annotation.item, (p.letter for p in places[annotation.item_id]))
        for question in asked[annotation.item.project_id]:
            if given := pieces[annotation.pk][question.pk]:
                yield annotation, specs[question], item, given


def _can_be_given(pieces: Sequence[Piece], question: QuestionSpec, item: ItemSpec) -> bool:
    kind = KINDS[question.kind]
    try:
        again = kind.parse(kind.dump(pieces, question, item), question, item)
    except AnswerInvalid:
        return False
    return set(again) == set(pieces)


def _tied_to_nothing(scope: Scope) -> list[str]:
    """Answers of which a word is tied to a place that no answer beside it names."""
    links = AnnotationPiece.objects.filter(annotation=OuterRef("pk"), type=PieceType.LINK)
    rows = scope.within(Annotation.objects.filter(Exists(links)), "assignment__project")
    rows = rows.select_related("item").order_by("item__project", "pk")
    told = chain.from_iterable(map(_answers, in_stretches(rows, READ_AT_ONCE)))
    found = []
    for annotation, answers in groupby(told, itemgetter(0)):
        given = {question: pieces for _, question, _, pieces in answers}
        by_key = {question.key: tuple(pieces) for question, pieces in given.items()}
        if without_loose_links(by_key, list(given)) != by_key:
            found.append(f"annotation {annotation.pk}")
    return found


def _other_order(scope: Scope) -> Violations:
    rows = Annotation.objects.filter(counted=True).exclude(shown_order=F("assignment__shown_order"))
    # A late answer was given in the order of the slot that lapsed, and may fill another one.
    seen = Event.objects.filter(
        assignment__item=OuterRef("item"),
        assignment__shown_order=OuterRef("shown_order"),
        annotator=OuterRef("annotator"),
        to_state=AssignmentState.CLAIMED,
    )
    return scope.within(rows.filter(~Exists(seen)), "assignment__project")


INVARIANTS = (
    Invariant(
        "answer-once", "A slot has one present answer if and only if it is answered.", _answerless
    ),
    Invariant("answer-own", "An answer that counts is by the person of its slot.", _of_others),
    Invariant("answer-item", "An answer belongs to its slot's item.", _foreign_items),
    Invariant("answers-kept", "Every revision of an answer is still there.", _lost_revisions),
    Invariant("newest-counts", "Of an answer's revisions the newest counts.", _older_current),
    Invariant("answers-whole", "Every answer has all required questions answered.", _incomplete),
    Invariant("answers-asked", "No answer is to another project's question.", _foreign_questions),
    Invariant(
        "answers-of-version",
        "What counts was asked by the version of the questions that its item has.",
        _of_other_versions,
    ),
    Invariant("answers-typed", "Every piece of an answer is of its question's kind.", _wrong_kinds),
    Invariant("answers-placed", "Every image that an answer names is there.", _no_such_image),
    Invariant("answers-offered", "Every answer was on offer.", _not_on_offer),
    Invariant(
        "words-tied", "A word is tied to places that the answer names, alone.", _tied_to_nothing
    ),
    Invariant("order-answered", "An answer says in which order it was shown.", _other_order),
)
