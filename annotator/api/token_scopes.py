"""What a token opens of what its owner may do: reading alone, or one project alone.

A token of one project is refused wherever the address names nothing of a project: what is not
about one may be about all of them.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from annotator.accounts.models import ApiToken, TokenScope
from annotator.core.errors import Forbidden, NotFound
from annotator.core.reasons import Code, Reason
from annotator.reports.belonging import ROWS, project_of_row


def refuse_beyond_scope(token: ApiToken, request: Request) -> None:
    """Raises Forbidden for what the token is not for, NotFound for what is another project's.

    Views with `for_every_token` are the same for all people, or about the token itself.
    """
    if token.scope == TokenScope.READ and request.method not in SAFE_METHODS:
        raise Forbidden(Reason(Code.TOKEN_READS))
    context = request.parser_context
    if token.project_id is None or getattr(context["view"], "for_every_token", False):
        return
    named = _project_named(context["kwargs"])
    if named is None or getattr(context["view"], "makes_another_project", False):
        raise Forbidden(Reason(Code.TOKEN_OF_ONE_PROJECT))
    if named != token.project_id:
        raise NotFound


def _project_named(ids: Mapping[str, Any]) -> int | None:
    """The project that an address is about; None where it names nothing of one (1 query)."""
    if "project_id" in ids:
        return int(ids["project_id"])
    for name in ROWS.keys() & ids.keys():
        found = project_of_row(name, ids[name])
        if found is None:
            raise NotFound
        return found
    return None
