"""Django's name for this room."""

from django.apps import AppConfig


class MeasurementsConfig(AppConfig):
    name = "annotator.measurements"
