"""The signed-in person."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import services
from annotator.accounts.models import Language, User
from annotator.accounts.services import PasswordChange
from annotator.accounts.sessions import is_second_factor_due
from annotator.actions.services import Verb, record
from annotator.api.addresses import client_address
from annotator.api.schema import (
    ERRORS,
    ErrorSerializer,
    StrictSerializer,
    bearer_token,
    person,
)
from annotator.api.sessions import carried_by, give_csrf_cookie, remember_browser
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.projects.people import Me, me_of


class ChangeMeSerializer(StrictSerializer):
    """What people decide about themselves."""

    display_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)


class PasswordSerializer(StrictSerializer):
    """The present password and the next."""

    old = serializers.CharField(max_length=1000, trim_whitespace=False)
    new = serializers.CharField(max_length=1000, trim_whitespace=False)
    keep_tokens = serializers.BooleanField(
        default=False, help_text="True: bearer tokens outlive the change."
    )


class MeView(APIView):
    """GET and PATCH."""

    before_second_factor = True

    def get_permissions(self) -> list[Any]:
        """A stranger's GET reaches the view, which gives the CSRF cookie with its 401."""
        return [AllowAny() if self.request.method == "GET" else IsAuthenticated()]

    @extend_schema(
        operation_id="get_me", tags=["me"], responses={200: Shape.of(Me), 401: ErrorSerializer}
    )
    def get(self, request: Request) -> Response:
        """Who is signed in. Sets the cookie csrftoken, also with 401."""
        give_csrf_cookie(request)
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        return Response(shaped(_me(request, person(request))))

    @extend_schema(
        operation_id="change_me",
        tags=["me"],
        request=ChangeMeSerializer,
        responses={200: Shape.of(Me), **ERRORS},
    )
    def patch(self, request: Request) -> Response:
        """Changes the display name or the language."""
        sent = ChangeMeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = services.change_me(person(request), **sent.validated_data)
        return Response(shaped(_me(request, user)))


def _me(request: Request, user: User) -> Me:
    """The person; a program's token has nothing to do with second factors."""
    in_browser = request.auth is None
    due = in_browser and is_second_factor_due(user, request._request.session)
    return me_of(user, second_factor_due=due)


class PasswordView(APIView):
    """POST changes the password."""

    @extend_schema(
        operation_id="change_password",
        tags=["me"],
        request=PasswordSerializer,
        responses={204: None, **ERRORS, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Sets another password; this person's other sessions end, and their other tokens."""
        sent = PasswordSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = person(request)
        services.change_password(
            user,
            PasswordChange(**sent.validated_data),
            address=client_address(request),
            now=clock.now(),
            carried=carried_by(request),
            by_token=bearer_token(request),
        )
        record(Verb.PASSWORD_CHANGED, by=user, now=clock.now())
        response = Response(status=204)
        if request.auth is None:
            update_session_auth_hash(request._request, user)
            remember_browser(request, response, user)
        return response


urlpatterns = [
    path("me", MeView.as_view()),
    path("me/password", PasswordView.as_view()),
]
