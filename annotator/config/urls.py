"""Addresses: the API, health, and the browser application for everything else."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("annotator.api.urls")),
]
