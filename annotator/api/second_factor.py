"""How the signed-in person gets in: their ways, and the second factor of their password."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import second_factor, services
from annotator.accounts.models import User
from annotator.accounts.second_factor import Enrolment, RecoveryCodes
from annotator.accounts.selectors import MyWaysIn, my_ways_in
from annotator.accounts.sessions import end_sessions, note_code
from annotator.actions.services import Verb, record
from annotator.api.addresses import client_address
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.sessions import carried_by
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Forbidden
from annotator.core.reasons import Code, Reason

REFUSALS = {**ERRORS, 429: ErrorSerializer}


class OwnPasswordSerializer(StrictSerializer):
    """The password once more."""

    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class CodeSerializer(StrictSerializer):
    """What the authenticator app shows."""

    code = serializers.CharField(max_length=40)


class MyWaysView(APIView):
    """GET tells."""

    before_second_factor = True

    @extend_schema(
        operation_id="get_my_ways_in", tags=["me"], responses={200: Shape.of(MyWaysIn), **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """How the caller signs in."""
        return Response(shaped(my_ways_in(person(request))))


class SecondFactorView(APIView):
    """POST begins."""

    before_second_factor = True

    @extend_schema(
        operation_id="begin_second_factor",
        tags=["me"],
        request=OwnPasswordSerializer,
        responses={200: Shape.of(Enrolment), **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """A secret for an authenticator app; it counts once a code of it is confirmed."""
        return Response(shaped(second_factor.begin(_sure_of(request))))


class ConfirmView(APIView):
    """POST switches on."""

    before_second_factor = True

    @extend_schema(
        operation_id="confirm_second_factor",
        tags=["me"],
        request=CodeSerializer,
        responses={200: Shape.of(RecoveryCodes), **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Switches the second factor on with its first code; the caller's other sessions end."""
        user = _in_browser(request)
        sent = CodeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        now = clock.now()
        codes = second_factor.confirm(user, sent.validated_data["code"], now=now)
        record(Verb.SECOND_FACTOR_ON, by=user, now=now)
        session = request._request.session
        note_code(session, given=True)
        end_sessions(user, now=now, but=session.session_key)
        return Response(shaped(codes))


class RecoveryCodesView(APIView):
    """POST makes."""

    @extend_schema(
        operation_id="renew_recovery_codes",
        tags=["me"],
        request=OwnPasswordSerializer,
        responses={200: Shape.of(RecoveryCodes), **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Ten recovery codes in place of those that there were."""
        user, password = _read(request)
        # Before the password is tried, which counts.
        second_factor.refuse_unless_on(user)
        _be_sure(request, user, password)
        return Response(shaped(second_factor.renew_recovery_codes(user)))


class RemoveView(APIView):
    """POST switches off."""

    @extend_schema(
        operation_id="remove_second_factor",
        tags=["me"],
        request=OwnPasswordSerializer,
        responses={204: None, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Switches the caller's second factor off, with its recovery codes."""
        user = _sure_of(request)
        second_factor.remove(user)
        record(Verb.SECOND_FACTOR_OFF, by=user, now=clock.now())
        note_code(request._request.session, given=False)
        return Response(status=204)


def _in_browser(request: Request) -> User:
    if request.auth is not None:
        raise Forbidden(Reason(Code.SIGN_IN_NEEDED))
    return person(request)


def _read(request: Request) -> tuple[User, str]:
    """Who is signed in, in a browser, and the password that they sent."""
    user = _in_browser(request)
    sent = OwnPasswordSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return user, sent.validated_data["password"]


def _be_sure(request: Request, user: User, password: str) -> None:
    services.confirm_password(
        user,
        password=password,
        address=client_address(request),
        now=clock.now(),
        carried=carried_by(request),
    )


def _sure_of(request: Request) -> User:
    """Who is signed in, in a browser, and knows the password."""
    user, password = _read(request)
    _be_sure(request, user, password)
    return user


urlpatterns = [
    path("me/ways", MyWaysView.as_view()),
    path("me/second-factor", SecondFactorView.as_view()),
    path("me/second-factor/confirm", ConfirmView.as_view()),
    path("me/second-factor/recovery-codes", RecoveryCodesView.as_view()),
    path("me/second-factor/remove", RemoveView.as_view()),
]
