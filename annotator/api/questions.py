"""Questions as they go over the wire, in both directions."""

from typing import Any

from rest_framework import serializers

from annotator.api.schema import StrictSerializer
from annotator.projects.models import Question
from annotator.projects.templates import OptionDraft, QuestionDraft
from annotator.questions.kinds import KINDS


class KindField(serializers.ChoiceField):
    """The name of a question's kind."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(KINDS), **options)


class ScaleSerializer(StrictSerializer):
    """Both ends of a rating; higher is better."""

    min = serializers.IntegerField()
    max = serializers.IntegerField()


class OptionSerializer(StrictSerializer):
    """One flag."""

    id = serializers.CharField(max_length=50)
    title = serializers.CharField(max_length=200, allow_blank=True, default="")


class QuestionSerializer(serializers.Serializer[Any]):
    """A question as it is asked."""

    id = serializers.CharField(help_text="The key used in answers.")
    type = KindField()
    title = serializers.CharField()
    help = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    position = serializers.IntegerField()
    scale = ScaleSerializer(allow_null=True)
    options = OptionSerializer(many=True)
    per_image = serializers.BooleanField()
    about = serializers.CharField(
        allow_null=True, help_text="The id of the pick question whose image this one is about."
    )


class NewQuestionSerializer(StrictSerializer):
    """A custom project's question; its place in the list is its position."""

    id = serializers.CharField(max_length=50)
    type = KindField()
    title = serializers.CharField(max_length=200, allow_blank=True, default="")
    help = serializers.CharField(max_length=5000, allow_blank=True, default="")
    required = serializers.BooleanField(default=True)  # type: ignore[assignment]
    position = serializers.IntegerField(required=False, help_text="Ignored: the list's order is.")
    scale = ScaleSerializer(allow_null=True, default=None)
    options = OptionSerializer(many=True, default=list)
    per_image = serializers.BooleanField(default=False)
    about = serializers.CharField(max_length=50, allow_null=True, allow_blank=True, default=None)


def draft_of(sent: dict[str, Any]) -> QuestionDraft:
    """A validated NewQuestionSerializer's value as the room takes it."""
    scale = sent["scale"] or {"min": None, "max": None}
    return QuestionDraft(
        key=sent["id"],
        kind=KINDS[sent["type"]],
        title=sent["title"],
        help=sent["help"],
        required=sent["required"],
        scale_min=scale["min"],
        scale_max=scale["max"],
        per_image=sent["per_image"],
        about=sent["about"] or "",
        options=tuple(OptionDraft(option["id"], option["title"]) for option in sent["options"]),
    )


def question_body(question: Question | QuestionDraft, position: int) -> dict[str, Any]:
    """A row, or a template's draft, in the contract's shape."""
    options = question.options if isinstance(question, QuestionDraft) else question.options.all()
    return {
        "id": question.key,
        "type": question.kind.name if isinstance(question, QuestionDraft) else question.kind,
        "title": question.title,
        "help": question.help,
        "required": question.required,
        "position": position,
        "scale": (
            None
            if question.scale_min is None
            else {"min": question.scale_min, "max": question.scale_max}
        ),
        "options": [{"id": option.key, "title": option.title} for option in options],
        "per_image": question.per_image,
        "about": question.about or None,
    }
