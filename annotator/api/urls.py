"""Every route of the door, gathered from its resources."""

from django.urls import URLPattern, URLResolver, include, path

from annotator.api import (
    annotations,
    annotators,
    auth,
    batch_verdicts,
    batches,
    claims,
    export_formats,
    exports,
    health,
    images,
    items,
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
    *members.urlpatterns,
    *people.urlpatterns,
    *annotators.urlpatterns,
    *batches.urlpatterns,
    *batch_verdicts.urlpatterns,
    *images.urlpatterns,
    *items.urlpatterns,
    *claims.urlpatterns,
    *annotations.urlpatterns,
    *reviews.urlpatterns,
    *measurements.urlpatterns,
    *references.urlpatterns,
    *sets.urlpatterns,
    *export_formats.urlpatterns,
    *exports.urlpatterns,
    *reports.urlpatterns,
    *reports_metrics.urlpatterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api)),
    *health.urlpatterns,
    *pages.urlpatterns,
]
