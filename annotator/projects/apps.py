"""Django's name for this room."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "annotator.projects"
