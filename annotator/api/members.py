"""Who is in a project, and how people get in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts.models import Role
from annotator.accounts.services import NewUser
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, checked, person
from annotator.api.sessions import (
    give_csrf_cookie,
    refuse_foreign_pages,
    remember_browser,
    start_session,
)
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Invalid, NotFound
from annotator.core.reasons import Code, Reason
from annotator.projects import members, people
from annotator.projects.models import Project
from annotator.projects.people import InvitationShape, KnownPerson, Me, MemberShape, Welcome, me_of
from annotator.projects.selectors import membership_for, project_for


class NewInvitationSerializer(StrictSerializer):
    """A way in, for one person, for a time."""

    role = serializers.ChoiceField(choices=Role.choices)
    expires_in_days = serializers.IntegerField(min_value=1, max_value=90, default=7)
    note = serializers.CharField(
        max_length=200, allow_blank=True, default="", help_text="Whom it is for."
    )


class NewInvitationsSerializer(StrictSerializer):
    """Ways in by the dozen: one for each note."""

    role = serializers.ChoiceField(choices=Role.choices)
    expires_in_days = serializers.IntegerField(min_value=1, max_value=90, default=7)
    notes = serializers.ListField(
        child=serializers.CharField(max_length=200, allow_blank=True),
        min_length=1,
        max_length=200,
        help_text="Whom each is for, nobody twice; one invitation is made for each.",
    )

    def validate_notes(self, notes: list[str]) -> list[str]:
        """Invalid where a name is there twice, in whatever case."""
        counted = Counter(note.strip().casefold() for note in notes)
        for note in notes:
            if note.strip() and counted[note.strip().casefold()] > 1:
                raise Invalid(fields={"notes": Reason(Code.NOTE_TWICE, name=note.strip())})
        return notes


@dataclass(frozen=True, slots=True)
class MadeInvitation(InvitationShape):
    """The one answer that holds the way in."""

    url: str = field(metadata={"help": "To send to the person invited. Shown this once."})


class NewUserSerializer(StrictSerializer):
    """The account that an invited stranger makes; nothing of it when signed in."""

    username = serializers.CharField(max_length=150, required=False)
    password = serializers.CharField(max_length=1000, trim_whitespace=False, required=False)
    display_name = serializers.CharField(max_length=150, allow_blank=True, default="")


INVITATION = OpenApiParameter(
    "invitation", str, OpenApiParameter.PATH, description="Its secret, as in the URL sent."
)


class NewMemberSerializer(StrictSerializer):
    """A role for somebody of a project that one manages."""

    user = serializers.IntegerField(help_text="The id of one of `members/known`.")
    role = serializers.ChoiceField(choices=Role.choices)


class MembersView(APIView):
    """GET lists, POST adds."""

    @extend_schema(
        operation_id="list_members",
        tags=["members"],
        responses={200: Shape.of(MemberShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Who is in the project. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response([shaped(one) for one in people.members_of(project)])

    @extend_schema(
        operation_id="add_member",
        tags=["members"],
        request=NewMemberSerializer,
        responses={201: Shape.of(MemberShape), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Gives a role to somebody of one's projects, without a link. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        sent = checked(NewMemberSerializer, request.data)
        added = pipeline.add_known_person(
            project, sent["user"], role=Role(sent["role"]), by=user, now=clock.now()
        )
        return Response(shaped(people.member_shape(added)), 201)


class KnownPeopleView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_known_people",
        tags=["members"],
        responses={200: Shape.of(KnownPerson)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Whom one may add without a link: people of all projects that one manages."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        return Response([shaped(one) for one in people.known_to(user, project)])


class MemberView(APIView):
    """DELETE removes."""

    @extend_schema(operation_id="remove_member", tags=["members"], responses={204: None, **ERRORS})
    def delete(self, request: Request, membership_id: int) -> Response:
        """Takes a role from a person; what they hold goes back to the queue. For managers."""
        user = person(request)
        pipeline.leave_project(membership_for(user, membership_id), by=user, now=clock.now())
        return Response(status=204)


class InvitationsView(APIView):
    """GET lists, POST invites."""

    @extend_schema(
        operation_id="list_invitations",
        tags=["members"],
        responses={200: Shape.of(InvitationShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's invitations. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        invitations = people.invitations_of(project)
        return Response([shaped(one) for one in invitations])

    @extend_schema(
        operation_id="invite",
        tags=["members"],
        request=NewInvitationSerializer,
        responses={201: Shape.of(MadeInvitation), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Makes an invitation; nothing is sent by mail. For the project's managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewInvitationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        [made] = _made(request, project, sent.validated_data, [sent.validated_data["note"]])
        return Response(shaped(made), 201)


class ManyInvitationsView(APIView):
    """POST invites several."""

    @extend_schema(
        operation_id="invite_many",
        tags=["members"],
        request=NewInvitationsSerializer,
        responses={201: Shape.of(MadeInvitation)(many=True), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Makes an invitation for each note, all or none. For the project's managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewInvitationsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = _made(request, project, sent.validated_data, sent.validated_data["notes"])
        return Response([shaped(one) for one in made], 201)


def _made(
    request: Request, project: Project, sent: Mapping[str, Any], notes: Sequence[str]
) -> list[MadeInvitation]:
    invitations = pipeline.invite(
        project,
        role=Role(sent["role"]),
        expires_in=timedelta(days=sent["expires_in_days"]),
        notes=notes,
        by=person(request),
        now=clock.now(),
    )
    return [
        MadeInvitation(
            **asdict(people.invitation_shape(invitation)),
            url=request.build_absolute_uri(f"/join/{secret}"),
        )
        for invitation, secret in invitations
    ]


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
        responses={200: Shape.of(Welcome), 404: ErrorSerializer},
    )
    def get(self, request: Request, invitation: str) -> Response:
        """What the invitation with this secret is to. 404: used, expired, revoked or never made."""
        give_csrf_cookie(request)
        welcome = people.welcome_of(invitation, now=clock.now())
        return Response(shaped(welcome))

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
        user = person(request)
        members.revoke_invitation(people.invitation_for(user, int(invitation)), by=user)
        return Response(status=204)


class AcceptView(APIView):
    """POST joins."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="accept_invitation",
        tags=["members"],
        parameters=[INVITATION],
        request=NewUserSerializer,
        responses={200: Shape.of(Me), **ERRORS},
    )
    def post(self, request: Request, invitation: str) -> Response:
        """Joins the project: as who is signed in, or as a new person, who then is signed in."""
        if request.auth is None:
            refuse_foreign_pages(request)
        sent = NewUserSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if request.user.is_authenticated:
            user = person(request)
            pipeline.join_project(user, invitation, now=clock.now())
            return Response(shaped(me_of(user)))
        new = _new_user(sent.validated_data)
        user = pipeline.join_as_new_user(new, invitation, now=clock.now())
        start_session(request, user)
        response = Response(shaped(me_of(user)))
        remember_browser(request, response, user)
        return response


def _new_user(sent: dict[str, str]) -> NewUser:
    missing = {"username", "password"} - set(sent)
    if missing:
        raise Invalid(fields=dict.fromkeys(sorted(missing), Reason(Code.MISSING)))
    return NewUser(**sent)


urlpatterns = [
    path("projects/<int:project_id>/members", MembersView.as_view()),
    path("projects/<int:project_id>/members/known", KnownPeopleView.as_view()),
    path("members/<int:membership_id>", MemberView.as_view()),
    path("projects/<int:project_id>/invitations", InvitationsView.as_view()),
    path("projects/<int:project_id>/invitations/many", ManyInvitationsView.as_view()),
    path("invitations/<str:invitation>", InvitationView.as_view()),
    path("invitations/<str:invitation>/accept", AcceptView.as_view()),
]
