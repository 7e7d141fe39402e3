"""Projects, and the templates that they are made from."""

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.questions import NewQuestionSerializer, draft_of
from annotator.api.schema import ERRORS, StrictSerializer, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.pipeline.guidelines import change_project
from annotator.projects import services
from annotator.projects.models import Template
from annotator.projects.selectors import TemplateShape, project_for, templates
from annotator.reports.mine import ListedProjects, listed_projects
from annotator.reports.projects import ProjectShape, project_of, projects_of

ARCHIVED = OpenApiParameter("archived", bool, description="true: the archived ones too.")


class ChangeProjectSerializer(StrictSerializer):
    """What a manager may change; overlap and questions only before the first upload."""

    name = serializers.CharField(max_length=200, required=False)
    overlap = serializers.IntegerField(required=False, help_text="1 to 9; 3 unless told.")
    review_rate = serializers.FloatField(required=False, help_text="0 to 1; 0.2 unless told.")
    guideline = serializers.CharField(allow_blank=True, required=False)
    lease_seconds = serializers.IntegerField(required=False, help_text="30 to 86,400.")
    review_floor = serializers.IntegerField(
        required=False, help_text="Answers reviewed of each annotator in a batch; 0: by the rate."
    )
    accept_reviewed = serializers.IntegerField(
        required=False, allow_null=True, help_text="The acceptance rule; null: all that is drawn."
    )
    accept_allowed = serializers.IntegerField(
        required=False, allow_null=True, help_text="Of these rejected at most; null: by the plan."
    )
    show_verdicts = serializers.BooleanField(
        required=False, help_text="Annotators see which of their answers were rejected, and why."
    )
    image_by_image = serializers.BooleanField(
        required=False, help_text="Of several images one is rated by all questions, then the next."
    )
    most_rejections = serializers.IntegerField(
        required=False, help_text="After so many a slot waits for a lead; 0: never."
    )
    ask_again_from = serializers.FloatField(
        required=False,
        help_text="0 to 1; from this disagreement on an extra vote is asked by itself; 0: never.",
    )
    second_share = serializers.FloatField(
        required=False, help_text="0 to 1; of reviewed answers that a second reviewer looks at."
    )
    answers_first = serializers.BooleanField(
        required=False, help_text="Reviewers answer an item before they see its answers."
    )
    training_required = serializers.BooleanField(
        required=False, help_text="Annotators are given work once they have passed the training."
    )
    training_pass = serializers.FloatField(
        required=False, help_text="0 to 1; the share of the training set that is to be right."
    )
    imported_votes = serializers.BooleanField(
        required=False, help_text="Exports count what imported judges said, too."
    )
    questions = NewQuestionSerializer(many=True, required=False, help_text="For custom alone.")


class NewProjectSerializer(ChangeProjectSerializer):
    """A project to be."""

    name = serializers.CharField(max_length=200)
    template = serializers.ChoiceField(choices=Template.choices)


class TemplatesView(APIView):
    """GET lists."""

    for_every_token = True

    @extend_schema(
        operation_id="list_templates",
        tags=["projects"],
        responses={200: Shape.of(TemplateShape)(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The ready sets of questions."""
        return Response([shaped(template) for template in templates()])


class ProjectsView(APIView):
    """GET lists, POST makes."""

    @extend_schema(
        operation_id="list_projects",
        tags=["projects"],
        responses={200: Shape.of(ProjectShape)(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The projects that the caller is a member of."""
        return Response([shaped(project) for project in projects_of(person(request))])

    @extend_schema(
        operation_id="create_project",
        tags=["projects"],
        request=NewProjectSerializer,
        responses={201: Shape.of(ProjectShape), **ERRORS},
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
        return Response(shaped(project_of(person(request), project)), 201)


class MyProjectsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_my_projects",
        tags=["projects"],
        parameters=[ARCHIVED],
        responses={200: Shape.of(ListedProjects), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The caller's projects with what there is to do in each; the archived ones when asked."""
        archived = request.query_params.get("archived") == "true"
        return Response(shaped(listed_projects(person(request), archived=archived)))


class ProjectView(APIView):
    """GET shows, PATCH changes."""

    @extend_schema(
        operation_id="get_project",
        tags=["projects"],
        responses={200: Shape.of(ProjectShape), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """A project of the caller's."""
        user = person(request)
        return Response(shaped(project_of(user, project_for(user, project_id))))

    @extend_schema(
        operation_id="change_project",
        tags=["projects"],
        request=ChangeProjectSerializer,
        responses={200: Shape.of(ProjectShape), **ERRORS},
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Changes a project. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = ChangeProjectSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = dict(sent.validated_data)
        asked = values.pop("questions", None)
        questions = None if asked is None else [draft_of(question) for question in asked]
        changed = change_project(
            project, changes=values, questions=questions, by=person(request), now=clock.now()
        )
        return Response(shaped(project_of(person(request), changed)))


urlpatterns = [
    path("templates", TemplatesView.as_view()),
    path("projects", ProjectsView.as_view()),
    path("projects/mine", MyProjectsView.as_view()),
    path("projects/<int:project_id>", ProjectView.as_view()),
]
