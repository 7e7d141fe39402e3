"""Django's name for this room."""

from django.apps import AppConfig


class GuidelinesConfig(AppConfig):
    name = "annotator.guidelines"
