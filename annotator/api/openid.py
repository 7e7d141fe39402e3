"""Signing in by the organisation's OpenID provider: the way there, and back."""

import logging
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts import identities, openid
from annotator.accounts.openid import Arrival, Departure
from annotator.accounts.selectors import WaysIn, ways_in
from annotator.accounts.sessions import note_provider
from annotator.actions.services import Verb, record
from annotator.api.authentication import BrowserAuthentication
from annotator.api.schema import ErrorSerializer, StrictSerializer, person
from annotator.api.sessions import note_sign_in, refuse_foreign_pages, start_session
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Forbidden, TriptychError
from annotator.core.reasons import Code, Reason

log = logging.getLogger(__name__)

COOKIE = "departure"
COOKIE_PATH = "/api/v1/auth/"
SALT = "annotator.api.openid"
# Long enough to look for a phone.
AWAY_FOR = timedelta(minutes=15)


class DepartSerializer(StrictSerializer):
    """Where to go afterwards, and what for."""

    then = serializers.CharField(
        max_length=2000, default="/", help_text="An address of this site to go to afterwards."
    )
    connect = serializers.BooleanField(
        default=False,
        help_text="True: let the provider open the account of who is signed in from now on.",
    )


@dataclass(frozen=True, slots=True)
class WayOut:
    """Where the browser is to go."""

    url: str = field(metadata={"help": "An address of the provider."})


class WaysView(APIView):
    """GET tells."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="get_ways_in", tags=["auth"], auth=[], responses={200: Shape.of(WaysIn)}
    )
    def get(self, request: Request) -> Response:
        """How people sign in on this site."""
        return Response(shaped(ways_in()))


class DepartView(APIView):
    """POST begins."""

    authentication_classes = [BrowserAuthentication]
    permission_classes = [AllowAny]
    before_second_factor = True

    @extend_schema(
        operation_id="sign_in_by_provider",
        tags=["auth"],
        auth=[],
        request=DepartSerializer,
        responses={
            200: Shape.of(WayOut),
            400: ErrorSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
            503: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Begins to sign in by the provider: where to go. It sends back to /auth/openid/callback.

        404: this site has no provider; 503: it does not answer.
        """
        refuse_foreign_pages(request)
        sent = DepartSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if sent.validated_data["connect"] and not request.user.is_authenticated:
            raise Forbidden(Reason(Code.NOT_SIGNED_IN))
        url, departure = openid.depart(
            redirect_uri=_callback(request),
            then=_ours(sent.validated_data["then"]),
            account=person(request).pk if sent.validated_data["connect"] else None,
        )
        response = Response(shaped(WayOut(url)))
        response.set_cookie(
            COOKIE,
            signing.dumps(asdict(departure), salt=SALT),
            max_age=AWAY_FOR,
            path=COOKIE_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            # Lax: it has to come along when the provider sends the browser back.
            samesite="Lax",
        )
        return response


class ArriveView(APIView):
    """GET, where the provider sends the browser back to; for no program."""

    authentication_classes = [BrowserAuthentication]
    permission_classes = [AllowAny]
    before_second_factor = True

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        """Signs in, or connects, and goes on; what is refused is told on the page it began on."""
        departure = None
        try:
            departure = _departure_of(request)
            arrival = openid.arrive(
                departure,
                request.query_params.dict(),
                redirect_uri=_callback(request),
                now=clock.now(),
            )
            _let_in(request, departure, arrival)
            answer = HttpResponseRedirect(departure.then)
        except TriptychError as error:
            log.warning("Sign-in by the provider is refused: %s", error.reason.code)
            answer = HttpResponseRedirect(_refusal(departure, error))
        answer.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
        answer["Cache-Control"] = "no-store"
        return answer


def _let_in(request: Request, departure: Departure, arrival: Arrival) -> None:
    if departure.account is None:
        user = pipeline.arrive(arrival.profile, now=clock.now())
        start_session(request, user)
        note_sign_in(request, user, way="provider")
        note_provider(request._request.session, arrival)
        return
    if not request.user.is_authenticated or person(request).pk != departure.account:
        raise Forbidden(Reason(Code.SIGN_IN_EXPIRED))
    identities.connect(person(request), arrival.profile)
    record(Verb.ACCOUNT_CONNECTED, by=person(request), now=clock.now())


def _departure_of(request: Request) -> Departure:
    try:
        carried = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AWAY_FOR)
    except signing.BadSignature as error:
        raise Forbidden(Reason(Code.SIGN_IN_EXPIRED)) from error
    return Departure(**carried)


def _refusal(departure: Departure | None, error: TriptychError) -> str:
    told = {"refused": str(error.reason.code)}
    if departure is not None and departure.account is not None:
        return f"/settings?{urlencode(told)}"
    if departure is not None:
        told["next"] = departure.then
    return f"/sign-in?{urlencode(told)}"


def _callback(request: Request) -> str:
    return str(request.build_absolute_uri("/api/v1/auth/openid/callback"))


def _ours(address: str) -> str:
    """The address if it is one of this site, else its first page."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if ours else "/"


urlpatterns = [
    path("auth/ways", WaysView.as_view()),
    path("auth/openid", DepartView.as_view()),
    path("auth/openid/callback", ArriveView.as_view()),
]
