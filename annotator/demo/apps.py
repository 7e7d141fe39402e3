"""Django's name for this room."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "annotator.demo"
