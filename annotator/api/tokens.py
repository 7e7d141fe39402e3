"""Bearer tokens of a person's programs."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import selectors, services
from annotator.accounts.models import TokenScope, User
from annotator.accounts.selectors import TokenShape
from annotator.actions.services import Verb, record
from annotator.api.schema import ERRORS, StrictSerializer, bearer_token, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Forbidden, Invalid, NotFound
from annotator.core.reasons import Code, Reason
from annotator.projects.selectors import project_for


class NewTokenSerializer(StrictSerializer):
    """What a token is for, and how long."""

    name = serializers.CharField(max_length=100)
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=services.MAX_TOKEN_DAYS, default=90
    )
    scope = serializers.ChoiceField(
        choices=TokenScope.choices, default=TokenScope.WRITE, help_text="read: it changes nothing."
    )
    project_id = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Only in this project of yours."
    )


@dataclass(frozen=True, slots=True)
class MadeToken(TokenShape):
    """The one answer that holds the token."""

    token: str = field(metadata={"help": "Shown this once."})


@dataclass(frozen=True, slots=True)
class PresentToken(TokenShape):
    """The token that this was asked with, and in whose name."""

    username: str


class TokensView(APIView):
    """GET lists, POST makes."""

    @extend_schema(
        operation_id="list_tokens",
        tags=["tokens"],
        responses={200: Shape.of(TokenShape)(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The caller's own tokens."""
        tokens = selectors.tokens_of(person(request))
        return Response([shaped(one) for one in tokens])

    @extend_schema(
        operation_id="create_token",
        tags=["tokens"],
        request=NewTokenSerializer,
        responses={201: Shape.of(MadeToken), **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Makes a token. Takes a signed-in browser: a token can't make the next one."""
        if request.auth is not None:
            raise Forbidden(Reason(Code.TOKEN_NEEDS_SIGN_IN))
        sent = NewTokenSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user, now, project_id = person(request), clock.now(), sent.validated_data["project_id"]
        if project_id is not None:
            _refuse_unless_member(user, project_id)
        token, secret = services.make_token(
            user,
            name=sent.validated_data["name"],
            expires_in=timedelta(days=sent.validated_data["expires_in_days"]),
            scope=TokenScope(sent.validated_data["scope"]),
            project_id=project_id,
            now=now,
        )
        record(Verb.TOKEN_MADE, by=user, now=now, target=f"token:{token.pk}", name=token.name)
        made = MadeToken(**asdict(selectors.token_shape(token)), token=secret)
        return Response(shaped(made), 201)


class TokenView(APIView):
    """DELETE revokes."""

    @extend_schema(operation_id="revoke_token", tags=["tokens"], responses={204: None, **ERRORS})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revokes one of the caller's tokens at once."""
        user = person(request)
        token = selectors.token_for(user, token_id)
        services.revoke_token(token)
        record(
            Verb.TOKEN_REVOKED, by=user, now=clock.now(), target=f"token:{token_id}",
            name=token.name,
        )  # fmt: skip
        return Response(status=204)


class PresentTokenView(APIView):
    """GET: for programs, to see what they may do."""

    for_every_token = True

    @extend_schema(
        operation_id="get_present_token",
        tags=["tokens"],
        responses={200: Shape.of(PresentToken), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The token that this is asked with; 404 for a browser, which has none."""
        secret = bearer_token(request)
        if secret is None:
            raise NotFound
        token = selectors.token_called_with(secret)
        shape = asdict(selectors.token_shape(token))
        return Response(shaped(PresentToken(**shape, username=token.user.username)))


def _refuse_unless_member(user: User, project_id: int) -> None:
    try:
        project_for(user, project_id)
    except NotFound as error:
        raise Invalid(fields={"project_id": error.reason}) from error


urlpatterns = [
    path("tokens", TokensView.as_view()),
    path("tokens/present", PresentTokenView.as_view()),
    path("tokens/<int:token_id>", TokenView.as_view()),
]
