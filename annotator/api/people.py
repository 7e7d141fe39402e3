"""Accounts of the whole site, for its leads: look at them, close one, open it again."""

from datetime import datetime

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts import services
from annotator.accounts.models import User
from annotator.accounts.selectors import account_for, refuse_unless_lead
from annotator.accounts.sessions import end_sessions
from annotator.actions.services import Verb, record
from annotator.api.schema import ERRORS, bearer_token, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Forbidden
from annotator.core.reasons import Code, Reason
from annotator.reports import accounts
from annotator.reports.accounts import AccountHoldings, AccountPage

CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")
SEARCH = OpenApiParameter("search", str, description="Part of a user name, or of a person's name.")


class PeopleView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_accounts",
        tags=["people"],
        parameters=[SEARCH, CURSOR],
        responses={200: Shape.of(AccountPage), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The site's accounts by user name, 50 a page. Takes a person who may create projects."""
        refuse_unless_lead(person(request))
        page = accounts.account_page(
            search=request.query_params.get("search", "").strip(),
            after=request.query_params.get("cursor", ""),
            now=clock.now(),
        )
        return Response(shaped(page))


class HoldingsView(APIView):
    """GET tells."""

    @extend_schema(
        operation_id="get_account_holdings",
        tags=["people"],
        responses={200: Shape.of(AccountHoldings), **ERRORS},
    )
    def get(self, request: Request, user_id: int) -> Response:
        """What would end if this account were closed. Takes a person who may create projects."""
        user = account_for(person(request), user_id)
        return Response(shaped(accounts.holdings_of(user, clock.now())))


class EndSessionsView(APIView):
    """POST ends."""

    @extend_schema(
        operation_id="end_account_sessions",
        tags=["people"],
        request=None,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Signs a person out everywhere. Takes a person who may create projects."""
        lead, now = person(request), clock.now()
        user = account_for(lead, user_id)
        end_sessions(user, now=now)
        _note(Verb.ACCOUNT_SESSIONS_ENDED, user, by=lead, now=now)
        return Response(status=204)


class ResetSecondFactorView(APIView):
    """POST resets."""

    @extend_schema(
        operation_id="reset_second_factor",
        tags=["people"],
        request=None,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Lets a person who has lost their app in by the password alone; their sessions end.

        Takes a person who may create projects, signed in in a browser; 409 for their own.
        """
        user = account_for(person(request), user_id)
        if bearer_token(request) is not None:
            raise Forbidden(Reason(Code.SIGN_IN_NEEDED))
        lead, now = person(request), clock.now()
        services.reset_second_factor(user, by=lead, now=now)
        _note(Verb.SECOND_FACTOR_RESET, user, by=lead, now=now)
        return Response(status=204)


class DeactivateView(APIView):
    """POST closes."""

    @extend_schema(
        operation_id="deactivate_account",
        tags=["people"],
        request=None,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Closes an account: sessions and tokens end, what is held goes back, answers stay.

        Takes a person who may create projects; 409 for their own.
        """
        lead = person(request)
        pipeline.deactivate(account_for(lead, user_id), by=lead, now=clock.now())
        return Response(status=204)


class ActivateView(APIView):
    """POST opens again."""

    @extend_schema(
        operation_id="activate_account",
        tags=["people"],
        request=None,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Opens a closed account again. Takes a person who may create projects."""
        lead = person(request)
        user = services.activate(account_for(lead, user_id))
        _note(Verb.ACCOUNT_OPENED, user, by=lead, now=clock.now())
        return Response(status=204)


def _note(verb: Verb, user: User, *, by: User, now: datetime) -> None:
    record(verb, by=by, now=now, target=f"user:{user.pk}", person=user.username)


urlpatterns = [
    path("people", PeopleView.as_view()),
    path("people/<int:user_id>/holdings", HoldingsView.as_view()),
    path("people/<int:user_id>/end-sessions", EndSessionsView.as_view()),
    path("people/<int:user_id>/reset-second-factor", ResetSecondFactorView.as_view()),
    path("people/<int:user_id>/deactivate", DeactivateView.as_view()),
    path("people/<int:user_id>/activate", ActivateView.as_view()),
]
