"""Django's name for this room."""

from django.apps import AppConfig
from django.conf import settings


class IngestConfig(AppConfig):
    name = "annotator.ingest"

    def ready(self) -> None:
        """Refuses to start with sources that can't be read, or that are the site's own."""
        from annotator.ingest.roots import refuse_own_places, roots_of  # noqa: PLC0415

        refuse_own_places(roots_of(settings.IMAGE_SOURCES))
