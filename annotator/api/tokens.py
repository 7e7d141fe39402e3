"""Bearer tokens of a person's programs."""

from datetime import timedelta
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts import selectors, services
from annotator.api.schema import ERRORS, StrictSerializer, person


class NewTokenSerializer(StrictSerializer):
    """What a token is for, and how long."""

    name = serializers.CharField(max_length=100)
    expires_in_days = serializers.IntegerField(min_value=1, max_value=366, default=90)


class TokenSerializer(serializers.Serializer[Any]):
    """A token, without itself."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")


class MadeTokenSerializer(TokenSerializer):
    """The one answer that holds the token."""

    token = serializers.CharField(help_text="Shown this once.")


class TokensView(APIView):
    """GET lists, POST makes."""

    @extend_schema(
        operation_id="list_tokens",
        tags=["tokens"],
        responses={200: TokenSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """The caller's own tokens."""
        return Response(TokenSerializer(selectors.tokens_of(person(request)), many=True).data)

    @extend_schema(
        operation_id="create_token",
        tags=["tokens"],
        request=NewTokenSerializer,
        responses={201: MadeTokenSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Makes a token. Takes a signed-in browser: a token can't make the next one."""
        if request.auth is not None:
            raise exceptions.PermissionDenied("Sign in in the browser to make a token.")
        sent = NewTokenSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        token, secret = services.make_token(
            person(request),
            name=sent.validated_data["name"],
            expires_in=timedelta(days=sent.validated_data["expires_in_days"]),
            now=timezone.now(),
        )
        return Response({**TokenSerializer(token).data, "token": secret}, 201)


class TokenView(APIView):
    """DELETE revokes."""

    @extend_schema(operation_id="revoke_token", tags=["tokens"], responses={204: None, **ERRORS})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revokes one of the caller's tokens at once."""
        services.revoke_token(selectors.token_for(person(request), token_id))
        return Response(status=204)


urlpatterns = [
    path("tokens", TokensView.as_view()),
    path("tokens/<int:token_id>", TokenView.as_view()),
]
