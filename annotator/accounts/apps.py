"""Django's name for this room."""

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    name = "annotator.accounts"

    def ready(self) -> None:
        """Refuses to start with groups that can't be read."""
        from annotator.accounts.groups import gifts_of  # noqa: PLC0415 - it needs the models

        gifts_of(settings.OIDC_GROUPS)
