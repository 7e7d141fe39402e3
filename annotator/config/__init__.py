"""Settings, addresses and the Celery application."""

# Workers are woken through the current Celery application, so it exists as soon as Django does.
from annotator.config.celery import app as celery_app

__all__ = ["celery_app"]
