"""How long a request waits for its database."""

from collections.abc import Callable

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from annotator.core.postgres.base import DatabaseWrapper

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class DatabaseTimeoutMiddleware:
    """Gives each statement of a request DATABASE_ANSWER_SECONDS; then its database is away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or what an outage is answered with."""
        database = connections["default"]
        if not isinstance(database, DatabaseWrapper):  # SQLite: nobody is there to fall silent
            return self.get_response(request)
        with database.within(settings.DATABASE_ANSWER_SECONDS or None):
            return self.get_response(request)
