"""Groups of candidates that a training loop has people rank: asking, and reading what came."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.batches import UPLOAD_KEY
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.groups.packing import NewGroup
from annotator.groups.selectors import group_for
from annotator.pipeline.candidate_groups import ask_group, refuse_too_large
from annotator.projects.batches import LARGEST_STEP
from annotator.projects.selectors import project_for
from annotator.questions.types import MOST_IMAGES
from annotator.reports.groups import GroupOutcome, GroupSummary, group_outcome, group_summaries

LONGEST_SECONDS = 7 * 24 * 3600


class NewGroupSerializer(StrictSerializer):
    """Candidates of one prompt, and how long somebody waits for people to rank them."""

    images = serializers.ListField(
        child=serializers.FileField(), max_length=MOST_IMAGES,
        help_text="2 to 9 files: PNG, JPEG or WebP.",
    )  # fmt: skip
    prompt = serializers.CharField(max_length=5000, allow_blank=True, default="")
    seconds = serializers.IntegerField(
        min_value=1, max_value=LONGEST_SECONDS, help_text="Time to live."
    )
    least = serializers.IntegerField(
        min_value=1, required=False, help_text="Answers an item; with fewer it expires."
    )
    most = serializers.IntegerField(
        min_value=1, required=False, help_text="With so many it ends; the project's own number."
    )
    step = serializers.IntegerField(
        min_value=0, max_value=LARGEST_STEP, required=False, help_text="The training loop's."
    )
    names = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=MOST_IMAGES, required=False,
        help_text="Of each image its generator, such as a checkpoint.",
    )  # fmt: skip


class GroupsView(APIView):
    """GET lists, POST asks."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="list_groups",
        tags=["groups"],
        responses={200: Shape.of(GroupSummary)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's newest 50 groups, without what people said; for managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([shaped(one) for one in group_summaries(project)])

    @extend_schema(
        operation_id="ask_group",
        tags=["groups"],
        parameters=[UPLOAD_KEY],
        request={"multipart/form-data": NewGroupSerializer},
        responses={201: Shape.of(GroupOutcome), **ERRORS, 413: ErrorSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Puts 2 to 9 candidates of a prompt in front of the queue, to be ranked in time.

        One item of all of them where the project's items may have so many images, else pairs. The
        same key and content again answer the same group. For managers.
        """
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        sent = checked(NewGroupSerializer, request.data)
        files = sent.pop("images")
        refuse_too_large(sum(file.size for file in files))
        images = [file.read() for file in files]
        key = request.headers.get("Idempotency-Key", "")
        group = ask_group(
            project, NewGroup(images=images, **sent), by=user, key=key, now=clock.now()
        )
        return Response(shaped(group_outcome(group)), 201)


class GroupView(APIView):
    """GET reads one."""

    @extend_schema(
        operation_id="get_group",
        tags=["groups"],
        responses={200: Shape.of(GroupOutcome), **ERRORS},
    )
    def get(self, request: Request, group_id: int) -> Response:
        """A group with what people said so far; it ends some seconds after its time at most.

        For managers.
        """
        group = group_for(person(request), group_id)
        body = shaped(group_outcome(group))
        return Response(body, headers={"Cache-Control": "no-store"})


urlpatterns = [
    path("projects/<int:project_id>/groups", GroupsView.as_view()),
    path("groups/<int:group_id>", GroupView.as_view()),
]
