"""Django's name for this room."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "annotator.actions"
