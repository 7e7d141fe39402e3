"""What can be done with people and their keys."""

import hashlib

from annotator.accounts.models import ApiToken, User


def user_of_token(token: str) -> User | None:
    """The active owner of a live bearer token, or None."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    row = ApiToken.objects.select_related("user").filter(digest=digest, user__is_active=True).first()
    return row.user if row else None
