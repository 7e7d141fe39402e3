"""A browser's session: the CSRF token before it, and its start."""

from django.contrib.auth import login
from django.middleware.csrf import get_token
from rest_framework.request import Request

from annotator.accounts.models import User
from annotator.api.authentication import BrowserAuthentication


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
