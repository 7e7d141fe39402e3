"""Django's name for this room."""

from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotator.annotations"
