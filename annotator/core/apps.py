"""Django's name for this room."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "annotator.core"
