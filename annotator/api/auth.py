"""Signing in and out, in the browser."""

from typing import Any

from django.contrib.auth import logout
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import services
from annotator.accounts.models import User
from annotator.accounts.second_factor import WrongCode, is_on
from annotator.accounts.selectors import user_named
from annotator.accounts.services import WrongCredentials
from annotator.accounts.sessions import is_second_factor_due, note_code, sign_out_at_provider
from annotator.actions.services import Verb, record
from annotator.api.addresses import client_address
from annotator.api.openid import WayOut
from annotator.api.schema import ErrorSerializer, StrictSerializer, person
from annotator.api.sessions import (
    carried_by,
    note_sign_in,
    refuse_foreign_pages,
    remember_browser,
    start_session,
)
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.projects.people import Me, me_of


class LoginSerializer(StrictSerializer):
    """A person's name and password, and the code of their second factor where it is on."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    code = serializers.CharField(
        max_length=40, default="", allow_blank=True,
        help_text="What the authenticator app shows, or a recovery code.",
    )  # fmt: skip


class LoginView(APIView):
    """POST signs in."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="login",
        tags=["auth"],
        auth=[],
        request=LoginSerializer,
        responses={
            200: Shape.of(Me),
            400: ErrorSerializer,
            403: ErrorSerializer,
            429: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Signs in: sets the session cookie.

        400 wrong_credentials, code_requested, wrong_code; 429 too_many_attempts.
        """
        refuse_foreign_pages(request)
        sent = LoginSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = _sign_in(request, sent.validated_data)
        start_session(request, user)
        note_sign_in(request, user, way="password")
        session = request._request.session
        note_code(session, given=is_on(user))
        due = is_second_factor_due(user, session)
        response = Response(shaped(me_of(user, second_factor_due=due)))
        remember_browser(request, response, user)
        return response


class LogoutView(APIView):
    """POST signs out."""

    before_second_factor = True

    @extend_schema(
        operation_id="logout",
        tags=["auth"],
        request=None,
        responses={200: Shape.of(WayOut), 204: None},
    )
    def post(self, request: Request) -> Response:
        """Ends the session on the server. 200: who came by the provider is signed out there too."""
        record(Verb.SIGN_OUT, by=person(request), now=clock.now())
        back = request.build_absolute_uri("/sign-in")
        url = sign_out_at_provider(request._request.session, back=back)
        logout(request._request)
        return Response(shaped(WayOut(url))) if url else Response(status=204)


def _sign_in(request: Request, sent: dict[str, str]) -> User:
    """The person; what was tried in vain is written down, as often as the gates let it be tried.

    Of an account that there is: a name that nobody has may be a password in the wrong field.
    """
    now, address = clock.now(), client_address(request)
    try:
        return services.sign_in(**sent, address=address, now=now, carried=carried_by(request))
    except (WrongCredentials, WrongCode) as refused:
        user = user_named(sent["username"])
        record(
            Verb.SIGN_IN_FAILED, by=None, now=now, target="" if user is None else f"user:{user.pk}",
            person=user and user.username, code=str(refused.reason.code), address=address,
        )  # fmt: skip
        raise


urlpatterns = [
    path("auth/login", LoginView.as_view()),
    path("auth/logout", LogoutView.as_view()),
]
