"""Django's name for this room."""

from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "annotator.rewards"
