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
from annotator.accounts.second_factor import is_on
from annotator.accounts.sessions import is_second_factor_due, note_code, sign_out_at_provider
from annotator.api.addresses import client_address
from annotator.api.openid import WayOut
from annotator.api.schema import ErrorSerializer, StrictSerializer
from annotator.api.sessions import (
    carried_by,
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
        user = services.sign_in(
            **sent.validated_data,
            address=client_address(request),
            now=clock.now(),
            carried=carried_by(request),
        )
        start_session(request, user)
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
        back = request.build_absolute_uri("/sign-in")
        url = sign_out_at_provider(request._request.session, back=back)
        logout(request._request)
        return Response(shaped(WayOut(url))) if url else Response(status=204)


urlpatterns = [
    path("auth/login", LoginView.as_view()),
    path("auth/logout", LogoutView.as_view()),
]
