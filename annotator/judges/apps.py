"""Django's name for this room."""

from django.apps import AppConfig


class JudgesConfig(AppConfig):
    name = "annotator.judges"
