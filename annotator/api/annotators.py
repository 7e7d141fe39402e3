"""The annotators of a project, as its leads see them: numbers, answers, pause and resume."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.reported import answers, reported
from annotator.api.schema import ERRORS, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Unavailable
from annotator.pipeline import standing
from annotator.pipeline.standing import Paused
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from annotator.reports.annotators.answers import AnswerFilter, GivenAnswer, given_answers
from annotator.reports.annotators.report import AnnotatorPortrait, AnnotatorPortraits
from annotator.reports.annotators.standing import AnnotatorStanding, standing_of
from annotator.reports.computing import ReportName
from annotator.reports.services import report_of


class WhichSerializer(StrictSerializer):
    """Which of somebody's answers, and from where on."""

    which = serializers.ChoiceField(
        choices=[each.value for each in AnswerFilter],
        default=AnswerFilter.ALL.value,
        help_text="disagreeing: another answer to the item says something else.",
    )
    cursor = serializers.CharField(default="", help_text="`next` of the page before.")


class PauseSerializer(StrictSerializer):
    """Why, for the person to read."""

    note = serializers.CharField(
        max_length=500, allow_blank=True, default="", help_text="Shown to them."
    )


@dataclass(frozen=True, slots=True)
class AnnotatorsShape:
    """All annotators: their numbers, worst first, and how each stands now."""

    report: AnnotatorPortraits
    standing: list[AnnotatorStanding] = field(
        metadata={"help": "Who has not answered yet stands here alone."}
    )


@dataclass(frozen=True, slots=True)
class AnnotatorShape:
    """One annotator: their numbers as the list gives them, and a page of their answers."""

    portrait: AnnotatorPortrait | None = field(
        metadata={
            "help": "With the first page; null: no answers yet, or a worker is still counting."
        }
    )
    results: list[GivenAnswer]
    next: str | None


class AnnotatorsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_annotators",
        tags=["annotators"],
        responses=answers(AnnotatorsShape),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Worst first, each number with n and interval, over first answers. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        answer = reported(project, ReportName.PORTRAITS)
        if answer.status_code == 200:
            # Who is paused is asked anew each time.
            standing_now = [shaped(one) for one in standing_of(project)]
            computing = answer.data.pop("computing")
            answer.data = {
                "report": answer.data,
                "standing": standing_now,
                "computed_at": answer.data["computed_at"],
                "computing": computing,
            }
        return answer


class AnnotatorView(APIView):
    """GET shows one person."""

    @extend_schema(
        operation_id="list_answers_of_annotator",
        tags=["annotators"],
        parameters=[WhichSerializer],
        responses={200: Shape.of(AnnotatorShape), **ERRORS},
    )
    def get(self, request: Request, project_id: int, user_id: int) -> Response:
        """Their numbers, and their answers, the newest first, 24 a page. For managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        user = standing.annotator_of(project, user_id)
        asked = checked(WhichSerializer, request.query_params.dict())
        found = given_answers(
            project, user, which=AnswerFilter(asked["which"]), cursor=asked["cursor"]
        )
        portrait = None if asked["cursor"] else _as_listed(project, user_id)
        return Response({"portrait": portrait, **shaped(found)})


def _as_listed(project: Project, user_id: int) -> dict[str, Any] | None:
    """Their row of the list; nothing where the list is not there, which keeps no answers back."""
    try:
        report = report_of(project, ReportName.PORTRAITS, now=clock.now())
    except Unavailable:
        return None
    rows: list[dict[str, Any]] = report.body["annotators"] if report.body else []
    return next((row for row in rows if row["id"] == user_id), None)


class PauseAnnotatorView(APIView):
    """POST pauses."""

    @extend_schema(
        operation_id="pause_annotator",
        tags=["annotators"],
        request=PauseSerializer,
        responses={200: Shape.of(Paused), **ERRORS},
    )
    def post(self, request: Request, project_id: int, user_id: int) -> Response:
        """Gives them nothing more here; what they hold goes back, what they answered stays."""
        project = project_for(person(request), project_id, Role.MANAGER)
        user = standing.annotator_of(project, user_id)
        note = checked(PauseSerializer, request.data)["note"]
        paused = standing.pause_annotator(
            project, user, note=note, by=person(request), now=clock.now()
        )
        return Response(shaped(paused))


class ResumeAnnotatorView(APIView):
    """POST resumes."""

    @extend_schema(
        operation_id="resume_annotator",
        tags=["annotators"],
        request=None,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, project_id: int, user_id: int) -> Response:
        """Gives them work again."""
        project = project_for(person(request), project_id, Role.MANAGER)
        user = standing.annotator_of(project, user_id)
        standing.resume_annotator(project, user, by=person(request), now=clock.now())
        return Response(status=204)


urlpatterns = [
    path("projects/<int:project_id>/annotators", AnnotatorsView.as_view()),
    path("projects/<int:project_id>/annotators/<int:user_id>", AnnotatorView.as_view()),
    path("projects/<int:project_id>/annotators/<int:user_id>/pause", PauseAnnotatorView.as_view()),
    path(
        "projects/<int:project_id>/annotators/<int:user_id>/resume", ResumeAnnotatorView.as_view()
    ),
]
