"""Who is in a project, and how newcomers get in."""

from datetime import timedelta
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts import selectors as accounts
from annotator.accounts import services
from annotator.accounts.models import Role
from annotator.api.me import MeSerializer, me_body
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.strangers import give_csrf_cookie, refuse_foreign_pages, start_session
from annotator.core.errors import NotFound
from annotator.projects.selectors import members_of, membership_for, project_for


class PersonSerializer(serializers.Serializer[Any]):
    """A person as managers see them."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    display_name = serializers.CharField()


class MemberSerializer(serializers.Serializer[Any]):
    """One role of one person in a project."""

    id = serializers.IntegerField()
    user = PersonSerializer()
    role = serializers.ChoiceField(choices=Role.choices)
    joined_at = serializers.DateTimeField()


class NewInvitationSerializer(StrictSerializer):
    """A way in, for one person, for a time."""

    role = serializers.ChoiceField(choices=Role.choices)
    expires_in_days = serializers.IntegerField(min_value=1, max_value=90, default=7)


class InvitationSerializer(serializers.Serializer[Any]):
    """An invitation, without its secret."""

    id = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)
    expires_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(allow_null=True)


class MadeInvitationSerializer(InvitationSerializer):
    """The one answer that holds the way in."""

    url = serializers.CharField(help_text="To send to the person invited. Shown this once.")


class WelcomeSerializer(serializers.Serializer[Any]):
    """What an invitation is to."""

    project = serializers.CharField(help_text="The project's name.")
    role = serializers.ChoiceField(choices=Role.choices)


class NewcomerSerializer(StrictSerializer):
    """The account that an invited stranger makes; nothing of it when signed in."""

    username = serializers.CharField(max_length=150, required=False)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, required=False)
    display_name = serializers.CharField(max_length=150, allow_blank=True, default="")


INVITATION = OpenApiParameter(
    "invitation", str, OpenApiParameter.PATH, description="Its secret, as in the URL sent."
)


class MembersView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_members",
        tags=["members"],
        responses={200: MemberSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Who is in the project. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(MemberSerializer(members_of(project), many=True).data)


class MemberView(APIView):
    """DELETE removes."""

    @extend_schema(operation_id="remove_member", tags=["members"], responses={204: None, **ERRORS})
    def delete(self, request: Request, membership_id: int) -> Response:
        """Takes a role from a person; what they hold goes back to the queue. For managers."""
        membership = membership_for(person(request), membership_id)
        pipeline.leave_project(membership, now=timezone.now())
        return Response(status=204)


class InvitationsView(APIView):
    """GET lists, POST invites."""

    @extend_schema(
        operation_id="list_invitations",
        tags=["members"],
        responses={200: InvitationSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's invitations. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        rows = accounts.invitations_of(project.pk)
        return Response(InvitationSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="invite",
        tags=["members"],
        request=NewInvitationSerializer,
        responses={201: MadeInvitationSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Makes an invitation; nothing is sent by mail. For the project's managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewInvitationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        invitation, secret = services.invite(
            by=person(request),
            project_id=project.pk,
            role=Role(sent.validated_data["role"]),
            expires_in=timedelta(days=sent.validated_data["expires_in_days"]),
            now=timezone.now(),
        )
        url = request.build_absolute_uri(f"/join/{secret}")
        return Response({**InvitationSerializer(invitation).data, "url": url}, 201)


class InvitationView(APIView):
    """GET by its secret, for anybody; DELETE by its number, for managers."""

    def get_permissions(self) -> list[Any]:
        """Who was invited is a stranger as yet."""
        return [IsAuthenticated() if self.request.method == "DELETE" else AllowAny()]

    @extend_schema(
        operation_id="get_invitation",
        tags=["members"],
        parameters=[INVITATION],
        auth=[],
        responses={200: WelcomeSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, invitation: str) -> Response:
        """What the invitation with this secret is to. 404: used, expired, revoked or never made."""
        give_csrf_cookie(request)
        found = accounts.invitation_of(invitation, now=timezone.now())
        return Response({"project": found.project.name, "role": found.role})

    @extend_schema(
        operation_id="revoke_invitation",
        tags=["members"],
        parameters=[OpenApiParameter("invitation", str, OpenApiParameter.PATH, description="Id.")],
        responses={204: None, **ERRORS},
    )
    def delete(self, request: Request, invitation: str) -> Response:
        """Takes an unused invitation back, by its id. For the project's managers."""
        if not invitation.isdecimal() or len(invitation) > 18:
            raise NotFound
        found = accounts.invitation_by_id(int(invitation))
        project_for(person(request), found.project_id, Role.MANAGER)
        services.revoke_invitation(found)
        return Response(status=204)


class AcceptView(APIView):
    """POST joins."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="accept_invitation",
        tags=["members"],
        parameters=[INVITATION],
        request=NewcomerSerializer,
        responses={200: MeSerializer, **ERRORS},
    )
    def post(self, request: Request, invitation: str) -> Response:
        """Joins the project: as who is signed in, or as a new person, who then is signed in."""
        if request.auth is None:
            refuse_foreign_pages(request)
        sent = NewcomerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if request.user.is_authenticated:
            pipeline.join_project(person(request), invitation, now=timezone.now())
            return Response(me_body(person(request)))
        newcomer = _newcomer(sent.validated_data)
        user = pipeline.join_as_newcomer(newcomer, invitation, now=timezone.now())
        start_session(request, user)
        return Response(me_body(user))


def _newcomer(sent: dict[str, str]) -> services.Newcomer:
    missing = {"username", "password"} - set(sent)
    if missing:
        raise serializers.ValidationError(
            dict.fromkeys(sorted(missing), "needed to make your account.")
        )
    return services.Newcomer(**sent)


urlpatterns = [
    path("projects/<int:project_id>/members", MembersView.as_view()),
    path("members/<int:membership_id>", MemberView.as_view()),
    path("projects/<int:project_id>/invitations", InvitationsView.as_view()),
    path("invitations/<str:invitation>", InvitationView.as_view()),
    path("invitations/<str:invitation>/accept", AcceptView.as_view()),
]
