"""Signs of life of the site's processes."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker last did its round; the health page says how long ago that is."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
