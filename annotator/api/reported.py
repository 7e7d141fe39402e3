"""A report as it is sent: at once if it is there, else 202 until a worker has computed it."""

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from annotator.api.schema import ERRORS
from annotator.api.shapes import Shape
from annotator.core import clock
from annotator.projects.models import Project
from annotator.reports.computing import ReportName
from annotator.reports.services import report_of

LOOK_AGAIN_SECONDS = 1


class Computing(serializers.Serializer[Any]):
    """The report is computed for the first time; ask again after `Retry-After` seconds."""

    computing = serializers.BooleanField(help_text="true")


@cache
def report_shape(dataclass: type) -> type[Shape]:
    """The shape of a report, with what says of when it is."""

    class Report(Shape.of(dataclass)):  # type: ignore[misc]
        computed_at = serializers.DateTimeField(help_text="What came later is not in it.")
        computing = serializers.BooleanField(help_text="A worker is at a newer one.")

    Report.__name__, Report.__doc__ = dataclass.__name__, dataclass.__doc__
    return Report


def answers(dataclass: type) -> dict[int, Any]:
    """What a call for a report may answer."""
    return {
        200: report_shape(dataclass),
        202: OpenApiResponse(Computing, "It is computed for the first time."),
        **ERRORS,
    }


def reported(project: Project, name: ReportName, **asked: str) -> Response:
    """The report as it stands, and of when it is."""
    found = report_of(project, name, now=clock.now(), **asked)
    if found.body is None or found.computed_at is None:
        return Response({"computing": True}, 202, headers={"Retry-After": str(LOOK_AGAIN_SECONDS)})
    computed_at = serializers.DateTimeField().to_representation(found.computed_at)
    return Response({**found.body, "computed_at": computed_at, "computing": found.computing})
