"""Which of two stands first, drawn: so that no reader can learn it from the place."""

import hashlib
import hmac


def turned(secret: str, seed: int, *names: str) -> bool:
    """Whether a pair is written the other way round: half of all pairs are, always the same ones.

    `secret` is the project's own, `names` what tells this pair from all others.
    """
    message = f"order:{seed}:{'/'.join(names)}".encode()
    return bool(hmac.digest(secret.encode(), message, hashlib.sha256)[0] & 1)
