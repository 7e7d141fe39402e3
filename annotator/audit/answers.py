"""Promises of what people said: all of it is there, once, and it can be meant."""

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Value
from django.db.models.functions import Substr

from annotator.annotations.models import Annotation, Part
from annotator.assignments.models import Assignment, AssignmentState, Event
from annotator.audit.scope import Invariant, Scope, Violations
from annotator.items.models import LETTERS, ItemImage
from annotator.projects.models import Option, Question
from scoring.votes import CHOICES

ANSWERED = (AssignmentState.SUBMITTED, AssignmentState.ACCEPTED, AssignmentState.REJECTED)
PART_KINDS = {
    "preference": ("choice",),
    "pick": ("choice",),
    "rating": ("number",),
    "ranking": ("tier",),
    "marks": ("point", "nothing"),
    "words": ("token", "nothing"),
    "flags": ("flag", "nothing"),
    "comment": ("text", "nothing"),
}


def _answerless(scope: Scope) -> Violations:
    counted = Annotation.objects.filter(assignment=OuterRef("pk"), counted=True, current=True)
    answered = Q(state__in=ANSWERED)
    return scope.within(
        Assignment.objects.filter(answered & ~Exists(counted) | ~answered & Exists(counted))
    )


def _strangers(scope: Scope) -> Violations:
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
    said = Part.objects.filter(annotation=OuterRef(OuterRef("pk")), question=OuterRef("pk"))
    picked = Part.objects.filter(
        annotation=OuterRef(OuterRef("pk")), question__key=OuterRef("about")
    )
    missing = Question.objects.filter(
        Q(about="") | Exists(picked),
        ~Exists(said),
        project=OuterRef("assignment__project"),
        required=True,
    )
    return scope.within(Annotation.objects.filter(Exists(missing)), "assignment__project")


def _foreign_questions(scope: Scope) -> Violations:
    rows = Part.objects.exclude(question__project=F("annotation__assignment__project"))
    return scope.within(rows, "annotation__assignment__project")


def _wrong_kinds(scope: Scope) -> Violations:
    fits = Q()
    for kind, parts in PART_KINDS.items():
        fits |= Q(question__kind=kind, kind__in=parts)
    rows = Part.objects.exclude(fits)
    return scope.within(rows, "annotation__assignment__project")


def _no_such_image(scope: Scope) -> Violations:
    named = ItemImage.objects.annotate(letter_=Substr(Value(LETTERS), F("place") + 1, 1))
    there = named.filter(item=OuterRef("annotation__item"), letter_=OuterRef("letter"))
    rows = Part.objects.exclude(letter="").filter(~Exists(there))
    return scope.within(rows, "annotation__assignment__project")


def _not_on_offer(scope: Scope) -> Violations:
    option = Option.objects.filter(question=OuterRef("question"), key=OuterRef("choice"))
    letter = ItemImage.objects.annotate(letter_=Substr(Value(LETTERS), F("place") + 1, 1)).filter(
        item=OuterRef("annotation__item"), letter_=OuterRef("choice")
    )
    wrong = (
        (Q(question__kind="preference") & ~Q(choice__in=CHOICES))
        | (Q(question__kind="pick") & ~Exists(letter))
        | (Q(question__kind="flags", kind="flag") & ~Exists(option))
        | (Q(question__kind="rating") & Q(number__lt=F("question__scale_min")))
        | (Q(question__kind="rating") & Q(number__gt=F("question__scale_max")))
        | Q(number__lt=0)
    )
    return scope.within(Part.objects.filter(wrong), "annotation__assignment__project")


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
    Invariant("answer-own", "An answer that counts is by the person of its slot.", _strangers),
    Invariant("answer-item", "An answer belongs to its slot's item.", _foreign_items),
    Invariant("answers-kept", "Every revision of an answer is still there.", _lost_revisions),
    Invariant("newest-counts", "Of an answer's revisions the newest counts.", _older_current),
    Invariant("answers-whole", "Every answer has all required questions answered.", _incomplete),
    Invariant("answers-asked", "No answer is to another project's question.", _foreign_questions),
    Invariant("answers-typed", "Every piece of an answer is of its question's kind.", _wrong_kinds),
    Invariant("answers-placed", "Every image that an answer names is there.", _no_such_image),
    Invariant("answers-offered", "Every answer was on offer.", _not_on_offer),
    Invariant("order-answered", "An answer says in which order it was shown.", _other_order),
)
