"""Batches: announcing an upload, sending it in pieces that can be continued, reading what came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.http.request import UnreadablePostError
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import (
    ERRORS,
    ErrorSerializer,
    StrictSerializer,
    checked,
    person,
)
from annotator.api.shapes import Shape, shaped
from annotator.core import clock
from annotator.core.errors import Invalid, TooLarge
from annotator.core.reasons import Code, Reason
from annotator.ingest import uploads
from annotator.projects import batches
from annotator.projects.selectors import batch_for, project_for
from annotator.reports import batches as reports
from annotator.reports.batches import BatchShape, BatchWithProblems

CHUNK_TYPE = "application/octet-stream"
# As tus has it, and pages and scripts of before.
TUS_TYPE = "application/offset+octet-stream"

OFFSET = OpenApiParameter(
    "Upload-Offset", int, OpenApiParameter.HEADER, required=True,
    description="Where the chunk begins, in bytes.",
)  # fmt: skip
PROBLEMS_AFTER = OpenApiParameter(
    "problems_after", int, description="Go on after this problem (`problems_next`)."
)


PAIRS = partial(
    serializers.CharField, max_length=20, required=False, allow_null=True, allow_blank=True,
    help_text="Make pairs of each prompt's images: all, ring or random:K.",
)  # fmt: skip
STEP = partial(
    serializers.IntegerField, min_value=0, max_value=batches.LARGEST_STEP, required=False,
    allow_null=True, help_text="Of the training run that made the images.",
)  # fmt: skip


class NewBatchSerializer(StrictSerializer):
    """An upload to be: a zip, a manifest by itself, or a published dataset."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    filename = serializers.CharField(
        max_length=255, help_text="Ends in .zip, .jsonl, .csv, .parquet, .json, .tar or .tfrecord."
    )
    size = serializers.IntegerField(min_value=1, help_text="Bytes.")
    pairs = PAIRS()
    step = STEP()


UPLOAD_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="8 to 100 characters, made once for each upload, sent on every try.",
)


@dataclass(frozen=True, slots=True)
class Offset:
    """How much has come."""

    offset: int = field(metadata={"help": "Bytes received; the next chunk begins here."})


@dataclass(frozen=True, slots=True)
class Upload(Offset):
    """How much has come, of how much."""

    size: int = field(metadata={"help": "Bytes announced."})


class ChunkParser(BaseParser):
    """A chunk's bytes, never more than one too many."""

    media_type = CHUNK_TYPE

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, bytes]:
        """`{"chunk": bytes}`: what came, even if the connection broke before the end."""
        pieces: list[bytes] = []
        left = settings.UPLOAD_CHUNK_BYTES + 1
        try:
            while left and (piece := stream.read(min(left, 256 * 1024))):
                pieces.append(piece)
                left -= len(piece)
        except (UnreadablePostError, OSError) as error:
            if not pieces:
                raise Invalid(Reason(Code.CHUNK_LOST)) from error
        return {"chunk": b"".join(pieces)}


class TusParser(ChunkParser):
    """The same by its older name."""

    media_type = TUS_TYPE


class BatchesView(APIView):
    """GET lists, the newest first; POST announces an upload."""

    @extend_schema(
        operation_id="list_batches",
        tags=["batches"],
        responses={200: Shape.of(BatchShape)(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's batches; for reviewers and managers."""
        project = project_for(person(request), project_id, Role.REVIEWER)
        return Response([shaped(one) for one in reports.batches_of(project)])

    @extend_schema(
        operation_id="create_batch",
        tags=["batches"],
        parameters=[UPLOAD_KEY],
        request=NewBatchSerializer,
        responses={201: Shape.of(BatchWithProblems), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Announces an upload; its bytes follow by PATCH /batches/{id}/upload.

        The same key and upload again answer the same batch, with `offset` where to go on.
        """
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewBatchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        batch = uploads.begin_upload(
            project=project,
            user=person(request),
            name=values.get("name", ""),
            filename=values["filename"],
            size=values["size"],
            pairs=values.get("pairs") or "",
            step=values.get("step"),
            key=request.headers.get("Idempotency-Key", ""),
        )
        made = reports.batch_with_problems(batch)
        return Response(shaped(made), 201)


class BatchElsewhereSerializer(StrictSerializer):
    """A dataset by its address: at a source of the site, or on its hub."""

    address = serializers.CharField(
        max_length=255,
        help_text="SOURCE://PATH, s3://BUCKET/PATH or hf://datasets/OWNER/NAME[@REVISION][/PATH].",
    )
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    pairs = PAIRS()
    step = STEP()


class BatchesElsewhereView(APIView):
    """POST takes a dataset in from where it lies."""

    @extend_schema(
        operation_id="create_batch_elsewhere",
        tags=["batches"],
        parameters=[UPLOAD_KEY],
        request=BatchElsewhereSerializer,
        responses={201: Shape.of(BatchWithProblems), **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Workers read the dataset at its address; nothing is uploaded.

        The same key and address again answer the same batch.
        """
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = BatchElsewhereSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        batch = uploads.begin_at(
            project=project,
            user=person(request),
            name=values.get("name", ""),
            address=values["address"],
            pairs=values.get("pairs") or "",
            step=values.get("step"),
            key=request.headers.get("Idempotency-Key", ""),
        )
        return Response(shaped(reports.batch_with_problems(batch)), 201)


class RenameBatchSerializer(StrictSerializer):
    """What may be changed of a batch."""

    name = serializers.CharField(max_length=200)


class BatchView(APIView):
    """GET reads one batch, PATCH renames it."""

    @extend_schema(
        operation_id="get_batch",
        tags=["batches"],
        parameters=[PROBLEMS_AFTER],
        responses={200: Shape.of(BatchWithProblems), **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """A batch with up to 200 of its problems; for reviewers and managers."""
        batch = batch_for(person(request), batch_id, Role.REVIEWER)
        after = request.query_params.get("problems_after", "0")
        if not after.isdecimal() or len(after) > 18:
            raise Invalid(fields={"problems_after": Reason(Code.NOT_AN_INTEGER)})
        found = reports.batch_with_problems(batch, after=int(after))
        return Response(shaped(found))

    @extend_schema(
        operation_id="rename_batch",
        tags=["batches"],
        request=RenameBatchSerializer,
        responses={200: Shape.of(BatchWithProblems), **ERRORS},
    )
    def patch(self, request: Request, batch_id: int) -> Response:
        """Gives a batch another name; for managers."""
        user = person(request)
        batch = batch_for(user, batch_id, Role.MANAGER)
        name = checked(RenameBatchSerializer, request.data)["name"]
        renamed = batches.rename(batch, name=name, by=user, now=clock.now())
        return Response(shaped(reports.batch_with_problems(renamed)))


class UploadView(APIView):
    """GET says how much has come; PATCH adds a chunk."""

    parser_classes = [ChunkParser, TusParser]

    @extend_schema(
        operation_id="get_upload",
        tags=["batches"],
        responses={200: Shape.of(Upload), **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Where to go on after a break."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        body = shaped(Upload(batch.offset, batch.size))
        return Response(body, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="send_chunk",
        tags=["batches"],
        parameters=[OFFSET],
        request={CHUNK_TYPE: OpenApiTypes.BINARY},
        responses={200: Shape.of(Offset), **ERRORS, 413: ErrorSerializer},
    )
    def patch(self, request: Request, batch_id: int) -> Response:
        """Adds up to 8 MiB where the upload stands; elsewhere 409 says where that is."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 18:
            raise Invalid(fields={"Upload-Offset": Reason(Code.NOT_AN_INTEGER)})
        _check_length(request.headers.get("Content-Length", ""))
        data = request.data.get("chunk", b"") if isinstance(request.data, dict) else b""
        _check_length(str(len(data)))
        end = uploads.receive(batch, offset=int(offset), data=data)
        return Response(shaped(Offset(end)))


def _check_length(length: str) -> None:
    if length.isdecimal() and int(length) > settings.UPLOAD_CHUNK_BYTES:
        raise TooLarge(Reason(Code.CHUNK_TOO_LARGE, max=settings.UPLOAD_CHUNK_BYTES))


urlpatterns = [
    path("projects/<int:project_id>/batches", BatchesView.as_view()),
    path("projects/<int:project_id>/batches/elsewhere", BatchesElsewhereView.as_view()),
    path("batches/<int:batch_id>", BatchView.as_view()),
    path("batches/<int:batch_id>/upload", UploadView.as_view()),
]
