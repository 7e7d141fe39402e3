"""Addresses: the API, health, and the browser application for everything else."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("annotator.api.urls")),
]

handler400 = "annotator.api.errors.bad_request"
handler404 = "annotator.api.errors.page_not_found"
handler500 = "annotator.api.errors.server_error"
