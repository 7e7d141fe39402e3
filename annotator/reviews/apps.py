"""Django's name for this room."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "annotator.reviews"
