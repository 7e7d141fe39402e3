"""What people choose for themselves."""

from django.conf import settings
from django.db import models


class KeySet(models.TextChoices):
    """Ready sets of keys that one's own are changes to."""

    USUAL = "usual"
    LEFT_HAND = "left_hand"
    NUMPAD = "numpad"


class KeyPreference(models.Model):
    """The keys that a person works with at the desk.

    `keys`: command → the key's code, with "Shift+" before it where Shift is held; a command that
    is not named has the key of the set.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    key_set = models.CharField(max_length=16, choices=KeySet, default=KeySet.USUAL)
    keys = models.JSONField(default=dict)
