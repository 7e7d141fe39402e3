"""A browser's session: the CSRF token before it, its start, and what is known of it afterwards."""

from django.conf import settings
from django.contrib.auth import login
from django.middleware.csrf import get_token
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.accounts import browsers
from annotator.accounts.models import User
from annotator.accounts.sessions import begin_session
from annotator.actions.services import Verb, record
from annotator.api.addresses import client_address
from annotator.api.authentication import BrowserAuthentication
from annotator.core import clock

BROWSER_COOKIE = "known_browser"


def give_csrf_cookie(request: Request) -> None:
    """Makes the answer set the cookie csrftoken, so that the page can send it back."""
    get_token(request._request)


def refuse_foreign_pages(request: Request) -> None:
    """Raises CsrfFailed unless the request carries the token that our own page was given."""
    BrowserAuthentication().enforce_csrf(request)


def start_session(request: Request, user: User) -> None:
    """Signs the person in under a new session key, also when they were signed in already."""
    login(request._request, user)
    request._request.session.cycle_key()
    begin_session(request._request.session, now=clock.now())


def note_sign_in(request: Request, user: User, *, way: str) -> None:
    """Writes down who came in, how and from where."""
    record(Verb.SIGN_IN, by=user, now=clock.now(), way=way, address=client_address(request))


def carried_by(request: Request) -> str:
    """What the browser was given when somebody signed in with it before; else empty."""
    return request.COOKIES.get(BROWSER_COOKIE, "")


def remember_browser(request: Request, response: Response, user: User) -> None:
    """Lets this browser be told from others that try this person's password."""
    response.set_cookie(
        BROWSER_COOKIE,
        browsers.remember(carried_by(request), user),
        max_age=browsers.KEPT_FOR,
        path="/api/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
