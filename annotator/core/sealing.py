"""Secrets that have to be had again: encrypted with keys that are derived from SECRET_KEY.

With another SECRET_KEY they can't be read any more.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher(purpose: str) -> Fernet:
    """What encrypts for one purpose; what it was given for another it can't read."""
    return _cipher_of(settings.SECRET_KEY, purpose)


@cache
def _cipher_of(secret_key: str, purpose: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret_key.encode())))
