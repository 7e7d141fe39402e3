"""Projects, and the templates that they are made from."""

from collections.abc import Sequence
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.questions import (
    NewQuestionSerializer,
    QuestionSerializer,
    draft_of,
    question_body,
)
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.projects import services
from annotator.projects.models import Project, Question, Template
from annotator.projects.selectors import (
    project_for,
    projects_of,
    questions_by_project,
    questions_of,
    roles_of,
)
from annotator.projects.templates import TEMPLATES
from annotator.reports.counts import ProjectCounts, counts_of

COUNTING_ROLES = {Role.REVIEWER, Role.MANAGER}


class ImageBoundsSerializer(serializers.Serializer[Any]):
    """How many images an item has."""

    min = serializers.IntegerField()
    max = serializers.IntegerField()


class TemplateSerializer(serializers.Serializer[Any]):
    """A ready set of questions."""

    name = serializers.ChoiceField(choices=Template.choices)
    images = ImageBoundsSerializer()
    questions = QuestionSerializer(many=True)


class ProjectSerializer(serializers.Serializer[Any]):
    """A project as one of its members may see it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    template = serializers.ChoiceField(choices=Template.choices)
    questions = QuestionSerializer(many=True)
    overlap = serializers.IntegerField(help_text="Accepted annotations that an item needs.")
    review_rate = serializers.FloatField(help_text="Share of a batch's items reviewed, 0 to 1.")
    guideline = serializers.CharField()
    lease_seconds = serializers.IntegerField(help_text="How long an item may be held.")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    items = serializers.IntegerField(allow_null=True, help_text="null for annotators.")
    settled = serializers.IntegerField(allow_null=True, help_text="null for annotators.")
    created_at = serializers.DateTimeField()


class ChangeProjectSerializer(StrictSerializer):
    """What a manager may change; overlap and questions only before the first upload."""

    name = serializers.CharField(max_length=200, required=False)
    overlap = serializers.IntegerField(required=False, help_text="1 to 9; 3 unless told.")
    review_rate = serializers.FloatField(required=False, help_text="0 to 1; 0.2 unless told.")
    guideline = serializers.CharField(allow_blank=True, required=False)
    lease_seconds = serializers.IntegerField(required=False, help_text="30 to 86,400.")
    questions = NewQuestionSerializer(many=True, required=False, help_text="For custom alone.")


class NewProjectSerializer(ChangeProjectSerializer):
    """A project to be."""

    name = serializers.CharField(max_length=200)
    template = serializers.ChoiceField(choices=Template.choices)


def project_body(
    project: Project,
    *,
    roles: Sequence[str],
    questions: Sequence[Question],
    counts: ProjectCounts | None,
) -> dict[str, Any]:
    """The project in the contract's shape; `counts`: None for who may not know them."""
    return {
        "id": project.pk,
        "name": project.name,
        "template": project.template,
        "questions": [question_body(question, question.position) for question in questions],
        "overlap": project.overlap,
        "review_rate": project.review_rate,
        "guideline": project.guideline,
        "lease_seconds": project.lease_seconds,
        "roles": sorted(roles),
        "items": None if counts is None else counts.items,
        "settled": None if counts is None else counts.settled,
        "created_at": project.created_at,
    }


def _one(request: Request, project: Project) -> dict[str, Any]:
    roles = roles_of(person(request), project.pk)
    counts = counts_of([project.pk])[project.pk] if roles & COUNTING_ROLES else None
    return project_body(
        project, roles=sorted(roles), questions=questions_of(project.pk), counts=counts
    )


class TemplatesView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_templates",
        tags=["projects"],
        responses={200: TemplateSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The ready sets of questions."""
        return Response(
            [
                {
                    "name": spec.name,
                    "images": {"min": spec.images.fewest, "max": spec.images.most},
                    "questions": [
                        question_body(question, position)
                        for position, question in enumerate(spec.questions)
                    ],
                }
                for spec in TEMPLATES.values()
            ]
        )


class ProjectsView(APIView):
    """GET lists, POST makes."""

    @extend_schema(
        operation_id="list_projects",
        tags=["projects"],
        responses={200: ProjectSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The projects that the caller is a member of."""
        mine = projects_of(person(request))
        questions = questions_by_project([project.pk for project, _ in mine])
        counts = counts_of([project.pk for project, roles in mine if COUNTING_ROLES & {*roles}])
        return Response(
            [
                project_body(
                    project,
                    roles=roles,
                    questions=questions[project.pk],
                    counts=counts.get(project.pk),
                )
                for project, roles in mine
            ]
        )

    @extend_schema(
        operation_id="create_project",
        tags=["projects"],
        request=NewProjectSerializer,
        responses={201: ProjectSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Makes a project, the caller its manager. Takes a person who may create projects."""
        sent = NewProjectSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        template = Template(values.pop("template"))
        questions = [draft_of(question) for question in values.pop("questions", [])]
        project = services.create_project(
            by=person(request),
            template=template,
            settings=services.ProjectSettings(**values),
            questions=questions,
        )
        return Response(_one(request, project), 201)


class ProjectView(APIView):
    """GET shows, PATCH changes."""

    @extend_schema(
        operation_id="get_project",
        tags=["projects"],
        responses={200: ProjectSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """A project of the caller's."""
        return Response(_one(request, project_for(person(request), project_id)))

    @extend_schema(
        operation_id="change_project",
        tags=["projects"],
        request=ChangeProjectSerializer,
        responses={200: ProjectSerializer, **ERRORS},
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Changes a project. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = ChangeProjectSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        asked = values.pop("questions", None)
        questions = None if asked is None else [draft_of(question) for question in asked]
        changed = services.change_project(project, changes=values, questions=questions)
        return Response(_one(request, changed))


urlpatterns = [
    path("templates", TemplatesView.as_view()),
    path("projects", ProjectsView.as_view()),
    path("projects/<int:project_id>", ProjectView.as_view()),
]
