"""Who did what when: of a project for its managers, of the whole site for its leads."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.accounts.selectors import refuse_unless_lead
from annotator.actions.selectors import ActionFilter
from annotator.api.ranges import WhateverIsAccepted
from annotator.api.schema import ERRORS, person
from annotator.api.shapes import Shape, shaped
from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Project
from annotator.projects.selectors import project_for
from annotator.reports.actions import ActionPage, action_lines, action_page, action_table

FILTERS = [
    OpenApiParameter("person", int, description="Done by this person (id)."),
    OpenApiParameter("kind", str, description="E.g. member, or member.joined."),
    OpenApiParameter("since", OpenApiTypes.DATE, description="From this day on, e.g. 2026-11-29."),
    OpenApiParameter("until", OpenApiTypes.DATE, description="Up to this day, which is included."),
]
CURSOR = OpenApiParameter("cursor", int, description="`next` of the page before.")
FORM = OpenApiParameter("as", str, enum=["csv", "jsonl"], description="csv unless told.")
FORMS = {"csv": ("text/csv", action_table), "jsonl": ("application/jsonl", action_lines)}
FILE: dict[Any, Any] = {
    (200, "text/csv"): OpenApiTypes.STR,
    (200, "application/jsonl"): OpenApiTypes.STR,
    **ERRORS,
}


class SiteActionsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_site_actions",
        tags=["audit"],
        parameters=[*FILTERS, CURSOR],
        responses={200: Shape.of(ActionPage), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Who did what in the whole site, newest first. Takes a person who may create projects."""
        refuse_unless_lead(person(request))
        return Response(shaped(_page(request, None)))


class SiteActionsFileView(APIView):
    """GET downloads."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="download_site_actions",
        tags=["audit"],
        parameters=[*FILTERS, FORM],
        responses=FILE,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The same as one file. Takes a person who may create projects."""
        refuse_unless_lead(person(request))
        return _file(request, None)


class ProjectActionsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_project_actions",
        tags=["audit"],
        parameters=[*FILTERS, CURSOR],
        responses={200: Shape.of(ActionPage), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Who did what in a project, newest first. For its managers."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(_page(request, project)))


class ProjectActionsFileView(APIView):
    """GET downloads."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="download_project_actions",
        tags=["audit"],
        parameters=[*FILTERS, FORM],
        responses=FILE,
    )
    def get(self, request: Request, project_id: int) -> HttpResponseBase:
        """The same as one file. For the project's managers."""
        return _file(request, project_for(person(request), project_id, Role.MANAGER))


def _page(request: Request, project: Project | None) -> ActionPage:
    return action_page(project, _filter(request), before=_number(request, "cursor"))


def _file(request: Request, project: Project | None) -> HttpResponseBase:
    chosen = request.query_params.get("as", "csv")
    if chosen not in FORMS:
        raise Invalid(fields={"as": Reason(Code.NOT_A_CHOICE, choices=tuple(FORMS))})
    content_type, lines = FORMS[chosen]
    name = f"audit-{'site' if project is None else project.pk}.{chosen}"
    written: Iterator[str] = lines(project, _filter(request))
    return StreamingHttpResponse(
        written,
        content_type=f"{content_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _filter(request: Request) -> ActionFilter:
    until = _day(request, "until")
    return ActionFilter(
        person_id=_number(request, "person"),
        kind=request.query_params.get("kind", ""),
        since=_day(request, "since"),
        until=None if until is None else until + timedelta(days=1),
    )


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    if text and (not text.isdecimal() or len(text) > 18):
        raise Invalid(fields={name: Reason(Code.NOT_AN_INTEGER)})
    return int(text) if text else None


def _day(request: Request, name: str) -> datetime | None:
    """Midnight of a day, in the site's time zone."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Invalid(fields={name: Reason(Code.NOT_A_DATE)})
    return timezone.make_aware(datetime.combine(day, time.min))


urlpatterns = [
    path("audit", SiteActionsView.as_view()),
    path("audit/file", SiteActionsFileView.as_view()),
    path("projects/<int:project_id>/audit", ProjectActionsView.as_view()),
    path("projects/<int:project_id>/audit/file", ProjectActionsFileView.as_view()),
]
