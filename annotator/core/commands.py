"""What the site's own commands have in common."""

from django.core.management.base import BaseCommand


class SiteCommand(BaseCommand):
    """One that begins at once: Django's checks are `serve`'s and `migrate`'s.

    They would load the whole door for people: a second or two, and 50 MB.
    """

    requires_system_checks = []
