"""Django's name for this door: the commands that do a worker's duty here and now."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "annotator.workers"
