"""Django's name for this room."""

from django.apps import AppConfig


class PreferencesConfig(AppConfig):
    name = "annotator.preferences"
