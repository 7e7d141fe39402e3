"""The Celery application; its settings are Django's, under CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.config.settings")
# A worker's start would load the whole door for people to check it, as `serve` and `migrate` do.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

app = Celery("triptych")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = (
    "annotator.workers.ingest",
    "annotator.workers.measure",
    "annotator.workers.export",
    "annotator.workers.report",
    "annotator.workers.removal",
    "annotator.workers.webhook",
)
