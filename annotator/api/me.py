"""The signed-in person."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import services
from annotator.accounts.models import Language, Role, User
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.strangers import client_address, give_csrf_cookie
from annotator.projects.models import Template
from annotator.projects.selectors import projects_of


class MyProjectSerializer(serializers.Serializer[Any]):
    """A project of mine, as menus need it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    template = serializers.ChoiceField(choices=Template.choices)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))


class MeSerializer(serializers.Serializer[Any]):
    """Who is signed in, and where they belong."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    language = serializers.ChoiceField(choices=Language.choices)
    can_create_projects = serializers.BooleanField()
    projects = MyProjectSerializer(many=True)


class ChangeMeSerializer(StrictSerializer):
    """What people decide about themselves."""

    display_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class PasswordSerializer(StrictSerializer):
    """The present password and the next."""

    old = serializers.CharField(max_length=1000, trim_whitespace=False)
    new = serializers.CharField(max_length=1000, trim_whitespace=False)


def me_body(user: User) -> dict[str, Any]:
    """The person in the contract's shape (1 query)."""
    return {
        "id": user.pk,
        "username": user.username,
        "display_name": user.display_name,
        "language": user.language,
        "can_create_projects": user.can_create_projects,
        "projects": [
            {
                "id": project.pk,
                "name": project.name,
                "template": project.template,
                "roles": roles,
            }
            for project, roles in projects_of(user)
        ],
    }


class MeView(APIView):
    """GET and PATCH."""

    def get_permissions(self) -> list[Any]:
        """A stranger's GET reaches the view, which gives the CSRF cookie with its 401."""
        return [AllowAny() if self.request.method == "GET" else IsAuthenticated()]

    @extend_schema(
        operation_id="get_me", tags=["me"], responses={200: MeSerializer, 401: ErrorSerializer}
    )
    def get(self, request: Request) -> Response:
        """Who is signed in. Sets the cookie csrftoken, also with 401."""
        give_csrf_cookie(request)
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        return Response(me_body(person(request)))

    @extend_schema(
        operation_id="change_me",
        tags=["me"],
        request=ChangeMeSerializer,
        responses={200: MeSerializer, **ERRORS},
    )
    def patch(self, request: Request) -> Response:
        """Changes the display name or the language."""
        sent = ChangeMeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return Response(me_body(services.change_me(person(request), **sent.validated_data)))


class PasswordView(APIView):
    """POST changes the password."""

    @extend_schema(
        operation_id="change_password",
        tags=["me"],
        request=PasswordSerializer,
        responses={204: None, **ERRORS, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Sets another password; every other session of this person ends."""
        sent = PasswordSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = person(request)
        services.change_password(
            user, **sent.validated_data, address=client_address(request), now=timezone.now()
        )
        update_session_auth_hash(request._request, user)
        return Response(status=204)


urlpatterns = [
    path("me", MeView.as_view()),
    path("me/password", PasswordView.as_view()),
]
