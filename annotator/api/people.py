"""Accounts of the whole site, for its leads: close one, open it again."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator import pipeline
from annotator.accounts import services
from annotator.accounts.selectors import account_for
from annotator.api.schema import ERRORS, person
from annotator.core import clock


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
        services.activate(account_for(person(request), user_id))
        return Response(status=204)


urlpatterns = [
    path("people/<int:user_id>/deactivate", DeactivateView.as_view()),
    path("people/<int:user_id>/activate", ActivateView.as_view()),
]
