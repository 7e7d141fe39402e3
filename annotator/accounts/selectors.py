"""What can be asked about keys and ways in, on somebody's behalf."""

import hashlib
from datetime import datetime

from annotator.accounts.models import ApiToken, Invitation, User
from annotator.core.errors import NotFound


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_of(user: User) -> list[ApiToken]:
    """A person's bearer tokens, newest first (1 query)."""
    return list(ApiToken.objects.filter(user=user).order_by("-created_at", "-pk"))


def token_for(user: User, token_id: int) -> ApiToken:
    """A person's own token; NotFound for absent and not yours."""
    token = ApiToken.objects.filter(pk=token_id, user=user).first()
    if token is None:
        raise NotFound
    return token


def invitations_of(project_id: int) -> list[Invitation]:
    """A project's invitations, newest first (1 query)."""
    rows = Invitation.objects.filter(project_id=project_id)
    return list(rows.order_by("-created_at", "-pk"))


def invitation_by_id(invitation_id: int) -> Invitation:
    """The invitation, for a caller who then checks its project; NotFound."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation


def invitation_of(secret: str, *, now: datetime) -> Invitation:
    """The unused, unexpired invitation with this secret; NotFound for every other case alike."""
    rows = Invitation.objects.select_related("project").filter(
        digest=digest_of(secret), used_at__isnull=True, expires_at__gt=now
    )
    invitation = rows.first()
    if invitation is None:
        raise NotFound
    return invitation
