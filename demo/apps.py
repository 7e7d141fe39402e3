"""The application's name for Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
