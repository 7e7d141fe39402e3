"""Django's name for this room."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "annotator.items"
