"""What can be done with the list: add to it."""

from datetime import datetime
from enum import StrEnum

from annotator.accounts.models import User
from annotator.actions.models import Action


class Verb(StrEnum):
    """What people do: noun.verb; its words stand in the catalogs under `actions`."""

    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_CONNECTED = "account.connected"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_OPENED = "account.opened"
    ACCOUNT_SESSIONS_ENDED = "account.sessions_ended"
    ANNOTATOR_PAUSED = "annotator.paused"
    ANNOTATOR_RESUMED = "annotator.resumed"
    BATCH_ANNOUNCED = "batch.announced"
    BATCH_DELETED = "batch.deleted"
    BATCH_RENAMED = "batch.renamed"
    BATCH_RETURNED = "batch.returned"
    BATCH_SIGNED_OFF = "batch.signed_off"
    EXPORT_CANCELLED = "export.cancelled"
    EXPORT_DELETED = "export.deleted"
    EXPORT_DOWNLOADED = "export.downloaded"
    EXPORT_REQUESTED = "export.requested"
    EXPORT_RETRIED = "export.retried"
    EXTRA_VOTES_ASKED = "extra_votes.asked"
    EXTRA_VOTE_ASKED = "extra_vote.asked"
    EXTRA_VOTE_CALLED_OFF = "extra_vote.called_off"
    GOLD_CONTESTED = "gold.contested"
    GOLD_MADE = "gold.made"
    GOLD_RETIRED = "gold.retired"
    GOLD_RULED = "gold.ruled"
    GOLD_SET = "gold.set"
    GOLD_STOPPED = "gold.stopped"
    GROUP_ASKED = "group.asked"
    GROUP_ENDED = "group.ended"
    INVITATION_MADE = "invitation.made"
    INVITATION_REVOKED = "invitation.revoked"
    ITEM_EXCLUDED = "item.excluded"
    ITEM_INCLUDED = "item.included"
    KEY_READ = "key.read"
    MEMBER_ADDED = "member.added"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    MEMBER_REMOVED = "member.removed"
    METRICS_CHOSEN = "metrics.chosen"
    OVERRIDE_GIVEN = "override.given"
    OVERRIDE_WITHDRAWN = "override.withdrawn"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - no password, but that it was changed
    PROJECT_ARCHIVED = "project.archived"
    PROJECT_CHANGED = "project.changed"
    PROJECT_CREATED = "project.created"
    PROJECT_DELETED = "project.deleted"
    PROJECT_DUPLICATED = "project.duplicated"
    PROJECT_PAUSED = "project.paused"
    PROJECT_RESUMED = "project.resumed"
    PROJECT_UNARCHIVED = "project.unarchived"
    REFERENCE_ADDED = "reference.added"
    REFERENCE_DELETED = "reference.deleted"
    REJECTED_GIVEN_BACK = "batch.rejected_given_back"
    REVIEWS_DRAWN = "batch.reviews_drawn"
    REWARD_HEAD_CANCELLED = "reward_head.cancelled"
    REWARD_HEAD_DOWNLOADED = "reward_head.downloaded"
    REWARD_HEAD_REQUESTED = "reward_head.requested"
    REWARD_HEAD_RETRIED = "reward_head.retried"
    ROUND_DRAWN = "batch.round_drawn"
    SECOND_FACTOR_OFF = "second_factor.off"
    SECOND_FACTOR_ON = "second_factor.on"
    SECOND_FACTOR_RESET = "second_factor.reset"
    SIGN_IN = "sign_in.done"
    SIGN_IN_FAILED = "sign_in.failed"
    SIGN_OFF_WITHDRAWN = "batch.sign_off_withdrawn"
    SIGN_OUT = "sign_out.done"
    SLOT_REOPENED = "slot.reopened"
    STOPPED_REOPENED = "batch.stopped_reopened"
    TOKEN_MADE = "token.made"  # noqa: S105 - no token, but that there is one
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
    TRAINING_ADDED = "training.added"
    TRAINING_DROPPED = "training.dropped"
    VERDICT_OVERRIDDEN = "verdict.overridden"
    VERDICT_UPHELD = "verdict.upheld"
    WEBHOOK_ADDED = "webhook.added"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_REMOVED = "webhook.removed"


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
