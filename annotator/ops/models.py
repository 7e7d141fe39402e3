"""Signs of life of the site's processes."""

from django.db import models


class Heartbeat(models.Model):
    """When a process last gave a sign of life; the health page says how long ago that is."""

    name = models.CharField(max_length=255, primary_key=True)
    at = models.DateTimeField()
