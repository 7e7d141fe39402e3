"""Who is calling: a browser with its session and CSRF token, or a program with a bearer token."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from annotator.accounts import services
from annotator.accounts.models import User
from annotator.accounts.sessions import is_second_factor_due, note_use
from annotator.api.token_scopes import refuse_beyond_scope
from annotator.core import clock


class CsrfFailed(exceptions.PermissionDenied):
    """A browser's unsafe request without the page's own token."""


class SecondFactorDue(exceptions.PermissionDenied):
    """Someone has to set up a second factor first; views with `before_second_factor` let them."""


class BrowserAuthentication(SessionAuthentication):
    """Session cookie; an unsafe method needs the CSRF token. Answers 401, not 403, to strangers."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Who is signed in; that they are here puts the session's end off."""
        found: tuple[User, None] | None = super().authenticate(request)
        if found is None:
            return None
        session, view = request._request.session, request.parser_context["view"]
        note_use(session, now=clock.now())
        open_to_all = getattr(view, "before_second_factor", False)
        if not open_to_all and is_second_factor_due(found[0], session):
            raise SecondFactorDue
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
        """The owner; None leaves the request to the next way. Forbidden: beyond the scope."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        found = services.live_token(token.strip(), now=clock.now())
        if found is None:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or expired.")
        refuse_beyond_scope(found, request)
        return found.user, token

    def authenticate_header(self, request: Request) -> str:
        """The way to authenticate that a 401 names."""
        return "Bearer"
