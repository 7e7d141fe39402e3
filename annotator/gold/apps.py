"""Django's name for this room."""

from django.apps import AppConfig


class GoldConfig(AppConfig):
    name = "annotator.gold"
