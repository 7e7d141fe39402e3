"""Django's name for this room."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "annotator.exports"
