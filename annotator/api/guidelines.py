"""Guidelines: read and acknowledged by who answers, in versions for leads, with images."""

import uuid

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.images import send_image
from annotator.api.ranges import WhateverIsAccepted
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, checked, person
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Invalid
from annotator.guidelines import services
from annotator.guidelines.selectors import (
    Guideline,
    GuidelineImageShape,
    guideline_image_for,
    guideline_image_shape,
)
from annotator.ingest.refusals import ImageRefused
from annotator.pipeline.guidelines import guideline_of
from annotator.projects.selectors import project_for
from annotator.reports.guidelines import GuidelineVersions, guideline_versions


class AcknowledgeSerializer(StrictSerializer):
    """What was read."""

    version = serializers.IntegerField(min_value=1)


class NewGuidelineImageSerializer(StrictSerializer):
    """An image."""

    file = serializers.FileField(help_text=f"At most {settings.IMAGE_MAX_BYTES:,} bytes.")


class GuidelineView(APIView):
    """GET shows."""

    @extend_schema(
        operation_id="get_guideline",
        tags=["guidelines"],
        responses={200: Shape.of(Guideline), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The guideline as it stands, and what the caller last read where that differs."""
        user = person(request)
        return Response(shaped(guideline_of(project_for(user, project_id), user)))


class AcknowledgementView(APIView):
    """POST acknowledges."""

    @extend_schema(
        operation_id="acknowledge_guideline",
        tags=["guidelines"],
        request=AcknowledgeSerializer,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Says that the caller has read a version; once more changes nothing."""
        user = person(request)
        project = project_for(user, project_id)
        number = checked(AcknowledgeSerializer, request.data)["version"]
        services.acknowledge(project, number, user=user, now=clock.now())
        return Response(status=204)


class GuidelineVersionsView(APIView):
    """GET lists."""

    @extend_schema(
        operation_id="list_guideline_versions",
        tags=["guidelines"],
        responses={200: Shape.of(GuidelineVersions), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The versions with the agreement under each; none before the first change."""
        project = project_for(person(request), project_id, Role.MANAGER)
        return Response(shaped(guideline_versions(project)))


class GuidelineImagesView(APIView):
    """POST adds."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="add_guideline_image",
        tags=["guidelines"],
        request={"multipart/form-data": NewGuidelineImageSerializer},
        responses={201: Shape.of(GuidelineImageShape), **ERRORS, 413: ErrorSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Takes an image that the guideline can then show by its address. For managers."""
        user = person(request)
        project = project_for(user, project_id, Role.MANAGER)
        file = checked(NewGuidelineImageSerializer, request.data)["file"]
        try:
            image = services.add_image(project, file.read(settings.IMAGE_MAX_BYTES + 1), by=user)
        except ImageRefused as refused:
            raise Invalid(refused.reason, fields={"file": refused.reason}) from refused
        return Response(shaped(guideline_image_shape(image)), 201)


class GuidelineImageView(APIView):
    """GET sends the image."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="get_guideline_image",
        tags=["guidelines"],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, guideline_image_id: uuid.UUID) -> HttpResponseBase:
        """An image of a guideline, to the project's members."""
        return send_image(guideline_image_for(person(request), guideline_image_id).path)


urlpatterns = [
    path("projects/<int:project_id>/guideline", GuidelineView.as_view()),
    path("projects/<int:project_id>/guideline/acknowledgement", AcknowledgementView.as_view()),
    path("projects/<int:project_id>/guideline/versions", GuidelineVersionsView.as_view()),
    path("projects/<int:project_id>/guideline/images", GuidelineImagesView.as_view()),
    path("guideline-images/<uuid:guideline_image_id>", GuidelineImageView.as_view()),
]
