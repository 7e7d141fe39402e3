"""Django's name for this room."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "annotator.ops"
