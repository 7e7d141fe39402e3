"""Who is calling: a browser with its session and CSRF token, or a program with a bearer token."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from annotator.accounts import services
from annotator.accounts.models import User
from annotator.accounts.sessions import note_use
from annotator.core import clock


class CsrfFailed(exceptions.PermissionDenied):
    """A browser's unsafe request without the page's own token."""


class BrowserAuthentication(SessionAuthentication):
    """Session cookie; an unsafe method needs the CSRF token. Answers 401, not 403, to strangers."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Who is signed in; that they are here puts the session's end off."""
        found: tuple[User, None] | None = super().authenticate(request)
        if found is not None:
            note_use(request._request.session, now=clock.now())
        return found

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401 where nobody is signed in."""
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        """Refuses a request without the page's token; views for strangers call it themselves.

        (DRF checks only requests that carry a session, so anybody's page could sign a visitor in.)
        """
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise CsrfFailed from error


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """The token's owner; None leaves the request to the next way."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        user = services.user_of_token(token.strip(), now=clock.now())
        if user is None:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or expired.")
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """The way to authenticate that a 401 names."""
        return "Bearer"
