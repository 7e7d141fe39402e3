"""Who is calling: a browser with its session and CSRF token, or a program with a bearer token."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from annotator.accounts import services
from annotator.accounts.models import User


class BrowserAuthentication(SessionAuthentication):
    """Session cookie; an unsafe method needs the CSRF token. Answers 401, not 403, to strangers."""

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401 where nobody is signed in."""
        return "Session"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """The token's owner; None leaves the request to the next way."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        user = services.user_of_token(token.strip())
        if user is None:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or expired.")
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """The way to authenticate that a 401 names."""
        return "Bearer"
