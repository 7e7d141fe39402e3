"""Images, for those who may see them. What is sent is what ingest stored, never what came."""

import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import storages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from annotator.api.ranges import WhateverIsAccepted
from annotator.api.schema import ERRORS, person
from annotator.assignments.selectors import image_for
from annotator.core.errors import NotFound

CONTENT_TYPES = {".png": "image/png", ".webp": "image/webp"}
# No ETag and no name: both could tell a known image from its hash or its source.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}


def send_image(name: str) -> HttpResponseBase:
    """A stored image; raises NotFound where its file is gone."""
    kind = CONTENT_TYPES[PurePosixPath(name).suffix]
    if settings.ACCEL_REDIRECT and not settings.S3_BUCKET:
        headers = {**HEADERS, "X-Accel-Redirect": f"{settings.ACCEL_REDIRECT.rstrip('/')}/{name}"}
        return HttpResponse(content_type=kind, headers=headers)
    try:
        stream = storages["default"].open(name)
    except FileNotFoundError as error:
        raise NotFound from error
    answer = FileResponse(stream, content_type=kind)
    for header, value in HEADERS.items():
        answer[header] = value
    return answer


class ImageFileView(APIView):
    """GET sends the image."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="get_image",
        tags=["images"],
        responses={(200, "image/png"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, image_id: uuid.UUID) -> HttpResponseBase:
        """The image as PNG, in full size."""
        return send_image(image_for(person(request), image_id).path)


class ImageThumbnailView(APIView):
    """GET sends the small image."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="get_thumbnail",
        tags=["images"],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, image_id: uuid.UUID) -> HttpResponseBase:
        """The image as WebP, its longer side at most 384 pixels."""
        return send_image(image_for(person(request), image_id).thumbnail_path)


urlpatterns = [
    path("images/<uuid:image_id>/file", ImageFileView.as_view()),
    path("images/<uuid:image_id>/thumbnail", ImageThumbnailView.as_view()),
]
