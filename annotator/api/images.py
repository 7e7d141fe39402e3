"""Images, for those who may see them: WebP made of their pixels, never the stored file.

A JPEG here and a PNG there would tell generators apart (ADR 38).
"""

import uuid

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
from annotator.items.services import made_exact, made_view

WEBP = "image/webp"
# No ETag and no name: both could tell a known image from its hash or its source.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": "inline",
}


def send_image(name: str) -> HttpResponseBase:
    """A stored WebP image; raises NotFound where its file is gone."""
    if settings.ACCEL_REDIRECT and not settings.S3_BUCKET:
        headers = {**HEADERS, "X-Accel-Redirect": f"{settings.ACCEL_REDIRECT.rstrip('/')}/{name}"}
        return HttpResponse(content_type=WEBP, headers=headers)
    try:
        stream = storages["default"].open(name)
    except FileNotFoundError as error:
        raise NotFound from error
    answer = FileResponse(stream, content_type=WEBP)
    for header, value in HEADERS.items():
        answer[header] = value
    return answer


class ImageFileView(APIView):
    """GET sends the image."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="get_image",
        tags=["images"],
        responses={(200, WEBP): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, image_id: uuid.UUID) -> HttpResponseBase:
        """The image's exact pixels, as lossless WebP."""
        return send_image(made_exact(image_for(person(request), image_id)))


class ImageViewView(APIView):
    """GET sends the image in one of its sizes."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="get_image_view",
        tags=["images"],
        responses={(200, WEBP): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, image_id: uuid.UUID, side: int) -> HttpResponseBase:
        """The image as WebP, its longer side at most `side` pixels (of `sizes`)."""
        return send_image(made_view(image_for(person(request), image_id), side))


class ImageThumbnailView(APIView):
    """GET sends the small image."""

    content_negotiation_class = WhateverIsAccepted

    @extend_schema(
        operation_id="get_thumbnail",
        tags=["images"],
        responses={(200, WEBP): OpenApiTypes.BINARY, **ERRORS},
    )
    def get(self, request: Request, image_id: uuid.UUID) -> HttpResponseBase:
        """The image as WebP, its longer side at most 384 pixels."""
        return send_image(image_for(person(request), image_id).thumbnail_path)


urlpatterns = [
    path("images/<uuid:image_id>/file", ImageFileView.as_view()),
    path("images/<uuid:image_id>/views/<int:side>", ImageViewView.as_view()),
    path("images/<uuid:image_id>/thumbnail", ImageThumbnailView.as_view()),
]
