"""Batches: announcing an upload, sending it in pieces that can be continued, reading what came."""

from collections.abc import Mapping
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
from annotator.api.schema import ERRORS, ErrorSerializer, StrictSerializer, person
from annotator.api.shapes import Shape
from annotator.core.errors import Invalid, TooLarge
from annotator.items.pairing import BadRule, pair_rule
from annotator.items.sources import kind_of
from annotator.projects import uploads
from annotator.projects.models import Batch, BatchState, Project
from annotator.projects.selectors import (
    Person,
    batch_for,
    batches_of,
    image_bounds,
    problems_of,
    project_for,
)
from annotator.reports.batches import BatchCounts, batch_counts

CHUNK_TYPE = "application/offset+octet-stream"
PROBLEMS_AT_ONCE = 200
PAIR = 2

OFFSET = OpenApiParameter(
    "Upload-Offset", int, OpenApiParameter.HEADER, required=True,
    description="Where the chunk begins, in bytes.",
)  # fmt: skip
PROBLEMS_AFTER = OpenApiParameter(
    "problems_after", int, description="Go on after this problem (`problems_next`)."
)


class ProgressSerializer(serializers.Serializer[Any]):
    """How far a job is."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()


class MeasuredSerializer(ProgressSerializer):
    """How far the measuring is, in images."""

    failed = serializers.IntegerField(help_text="Images of which a value could not be measured.")


class ProblemSerializer(serializers.Serializer[Any]):
    """A row or file that was left out."""

    line = serializers.IntegerField(allow_null=True, help_text="Of the manifest.")
    file = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class BatchSerializer(serializers.Serializer[Any]):
    """A batch in a list: everything but its problems."""

    id = serializers.IntegerField()
    project = serializers.IntegerField()
    name = serializers.CharField()
    filename = serializers.CharField()
    state = serializers.ChoiceField(choices=BatchState.choices)
    error = serializers.CharField(allow_blank=True)
    progress = ProgressSerializer(help_text="Rows of the manifest gone through.")
    images = serializers.IntegerField()
    items = serializers.IntegerField()
    sampled = serializers.IntegerField(help_text="Items drawn for review.")
    problem_count = serializers.IntegerField()
    measured = MeasuredSerializer()
    created_at = serializers.DateTimeField()
    created_by = Shape.of(Person)()


class BatchWithProblemsSerializer(BatchSerializer):
    """One batch, with up to 200 of its problems."""

    problems = ProblemSerializer(many=True)
    problems_next = serializers.IntegerField(
        allow_null=True, help_text="For `problems_after`; null: there are no more."
    )


class NewBatchSerializer(StrictSerializer):
    """An upload to be: a zip, or a manifest by itself."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    filename = serializers.CharField(
        max_length=255, help_text="Ends in .zip, .jsonl, .csv or .parquet."
    )
    size = serializers.IntegerField(min_value=1, help_text="Bytes.")
    pairs = serializers.CharField(
        max_length=20, required=False, allow_null=True, allow_blank=True,
        help_text="Make pairs of each prompt's images: all, ring or random:K.",
    )  # fmt: skip

    def validate_filename(self, value: str) -> str:
        """The last part of a path, of a kind that is taken."""
        name = value.replace("\\", "/").rpartition("/")[2]
        if not kind_of(name):
            raise serializers.ValidationError(
                "An upload is a .zip, or a manifest that ends in .jsonl, .csv or .parquet."
            )
        return name

    def validate_pairs(self, value: str | None) -> str:
        """A rule that can be read."""
        try:
            pair_rule(value or "")
        except BadRule as bad:
            raise serializers.ValidationError(str(bad)) from bad
        return value or ""


class OffsetSerializer(serializers.Serializer[Any]):
    """How much has come."""

    offset = serializers.IntegerField(help_text="Bytes received; the next chunk begins here.")


class UploadSerializer(OffsetSerializer):
    """How much has come, of how much."""

    size = serializers.IntegerField(help_text="Bytes announced.")


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
                raise Invalid("The connection broke before a byte of the chunk came.") from error
        return {"chunk": b"".join(pieces)}


def batch_body(batch: Batch, counts: BatchCounts) -> dict[str, Any]:
    """The batch in the contract's shape, without its problems."""
    return {
        "id": batch.pk,
        "project": batch.project_id,
        "name": batch.name,
        "filename": batch.filename,
        "state": batch.state,
        "error": batch.error,
        "progress": batch.progress,
        "images": counts.images,
        "items": counts.items,
        "sampled": counts.sampled,
        "problem_count": counts.problems,
        "measured": counts.measured,
        "created_at": batch.created_at,
        "created_by": batch.created_by,
    }


def _with_problems(batch: Batch, after: int = 0) -> dict[str, Any]:
    problems = list(problems_of(batch, after=after)[: PROBLEMS_AT_ONCE + 1])
    more = len(problems) > PROBLEMS_AT_ONCE
    problems = problems[:PROBLEMS_AT_ONCE]
    return {
        **batch_body(batch, batch_counts([batch.pk])[batch.pk]),
        "problems": problems,
        "problems_next": problems[-1].pk if more else None,
    }


class BatchesView(APIView):
    """GET lists, the newest first; POST announces an upload."""

    @extend_schema(
        operation_id="list_batches",
        tags=["batches"],
        responses={200: BatchSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The project's batches; for reviewers and managers."""
        project = project_for(person(request), project_id, Role.REVIEWER)
        batches = list(batches_of(project))
        counts = batch_counts([batch.pk for batch in batches])
        bodies = [batch_body(batch, counts[batch.pk]) for batch in batches]
        return Response(BatchSerializer(bodies, many=True).data)

    @extend_schema(
        operation_id="create_batch",
        tags=["batches"],
        request=NewBatchSerializer,
        responses={201: BatchWithProblemsSerializer, **ERRORS},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Announces an upload; its bytes follow by PATCH /batches/{id}/upload."""
        project = project_for(person(request), project_id, Role.MANAGER)
        sent = NewBatchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        values = sent.validated_data
        pairs = values.get("pairs", "")
        _check_pairs_fit(project, pairs)
        batch = uploads.begin_upload(
            project=project,
            user=person(request),
            name=values.get("name") or values["filename"],
            filename=values["filename"],
            size=values["size"],
            pairs=pairs,
        )
        return Response(BatchWithProblemsSerializer(_with_problems(batch)).data, 201)


def _check_pairs_fit(project: Project, pairs: str) -> None:
    bounds = image_bounds(project)
    if pairs and not bounds.fewest <= PAIR <= bounds.most:
        raise Invalid(
            f"An item here has {bounds.fewest} to {bounds.most} images: pairs do not fit.",
            fields={"pairs": ["Leave this out."]},
        )


class BatchView(APIView):
    """GET reads one batch."""

    @extend_schema(
        operation_id="get_batch",
        tags=["batches"],
        parameters=[PROBLEMS_AFTER],
        responses={200: BatchWithProblemsSerializer, **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """A batch with up to 200 of its problems; for reviewers and managers."""
        batch = batch_for(person(request), batch_id, Role.REVIEWER)
        after = request.query_params.get("problems_after", "0")
        if not after.isdecimal() or len(after) > 18:
            raise Invalid(fields={"problems_after": ["Must be a number."]})
        return Response(BatchWithProblemsSerializer(_with_problems(batch, int(after))).data)


class UploadView(APIView):
    """GET says how much has come; PATCH adds a chunk."""

    parser_classes = [ChunkParser]

    @extend_schema(
        operation_id="get_upload",
        tags=["batches"],
        responses={200: UploadSerializer, **ERRORS},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Where to go on after a break."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        body = UploadSerializer({"offset": batch.offset, "size": batch.size}).data
        return Response(body, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="send_chunk",
        tags=["batches"],
        parameters=[OFFSET],
        request={CHUNK_TYPE: OpenApiTypes.BINARY},
        responses={200: OffsetSerializer, **ERRORS, 413: ErrorSerializer},
    )
    def patch(self, request: Request, batch_id: int) -> Response:
        """Adds up to 8 MiB where the upload stands; elsewhere 409 says where that is."""
        batch = batch_for(person(request), batch_id, Role.MANAGER)
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 18:
            raise Invalid(fields={"Upload-Offset": ["Must be a number of bytes."]})
        _check_length(request.headers.get("Content-Length", ""))
        data = request.data.get("chunk", b"") if isinstance(request.data, dict) else b""
        _check_length(str(len(data)))
        end = uploads.receive(batch, offset=int(offset), data=data)
        return Response(OffsetSerializer({"offset": end}).data)


def _check_length(length: str) -> None:
    if length.isdecimal() and int(length) > settings.UPLOAD_CHUNK_BYTES:
        raise TooLarge(f"A chunk may have {settings.UPLOAD_CHUNK_BYTES:,} bytes at most.")


urlpatterns = [
    path("projects/<int:project_id>/batches", BatchesView.as_view()),
    path("batches/<int:batch_id>", BatchView.as_view()),
    path("batches/<int:batch_id>/upload", UploadView.as_view()),
]
