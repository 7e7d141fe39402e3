"""What can be done with the list: add to it."""

from datetime import datetime
from enum import StrEnum

from annotator.accounts.models import User
from annotator.actions.models import Action


class Verb(StrEnum):
    """What people do: noun.verb; its words stand in the catalogs under `actions`."""

    BATCH_SIGNED_OFF = "batch.signed_off"
    SIGN_OFF_WITHDRAWN = "batch.sign_off_withdrawn"
    BATCH_RETURNED = "batch.returned"
    REVIEWS_DRAWN = "batch.reviews_drawn"
    STOPPED_REOPENED = "batch.stopped_reopened"
    VERDICT_OVERRIDDEN = "verdict.overridden"


def record(
    verb: Verb,
    *,
    by: User | None,
    now: datetime,
    project_id: int | None = None,
    target: str = "",
    **details: object,
) -> Action:
    """Adds one row, in the caller's transaction: what is undone leaves no trace of having been.

    `by`: None for the site itself. `details`: what JSON holds.
    """
    return Action.objects.create(
        actor=by, project_id=project_id, verb=verb, target=target, details=details, at=now
    )
