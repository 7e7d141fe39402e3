"""Django's name for this room."""

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "annotator.assignments"
