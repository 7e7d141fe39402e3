"""Every route of the door, gathered from its resources."""

from django.urls import URLPattern, URLResolver, include, path

from annotator.api import (
    actions,
    annotations,
    auth,
    batches,
    claims,
    export_formats,
    exports,
    health,
    images,
    key,
    lifecycle,
    me,
    measurements,
    members,
    openapi,  # noqa: F401 - the schema's extensions are found by loading
    openid,
    pages,
    people,
    projects,
    references,
    reports,
    reports_metrics,
    reviews,
    second_factor,
    sets,
    tokens,
)

api: list[URLPattern | URLResolver] = [
    *auth.urlpatterns,
    *openid.urlpatterns,
    *me.urlpatterns,
    *second_factor.urlpatterns,
    *tokens.urlpatterns,
    *projects.urlpatterns,
    *lifecycle.urlpatterns,
    *members.urlpatterns,
    *people.urlpatterns,
    *batches.urlpatterns,
    *images.urlpatterns,
    *claims.urlpatterns,
    *annotations.urlpatterns,
    *reviews.urlpatterns,
    *measurements.urlpatterns,
    *references.urlpatterns,
    *sets.urlpatterns,
    *export_formats.urlpatterns,
    *exports.urlpatterns,
    *key.urlpatterns,
    *actions.urlpatterns,
    *reports.urlpatterns,
    *reports_metrics.urlpatterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api)),
    *health.urlpatterns,
    *pages.urlpatterns,
]
