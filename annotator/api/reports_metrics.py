"""How far metrics agree with people. For managers: an annotator must never see a measurement."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.accounts.models import Role
from annotator.api.schema import ERRORS, person
from annotator.core.reasons import sentence
from annotator.items.models import Image
from annotator.projects.selectors import project_for
from annotator.reports.metrics import Row, metrics_report_of
from annotator.reports.metrics_points import (
    Disagreement,
    Point,
    disagreements_of,
    points_of,
)
from scoring.catalog import Direction
from scoring.statistics.correlation import Correlations
from scoring.statistics.estimate import Estimate

DIMENSION = OpenApiParameter("dimension", str, description="Only this one.")
METRIC = OpenApiParameter("metric", str, description="Only this one.")
ONE_DIMENSION = OpenApiParameter("dimension", str, description="The first if none is named.")
ONE_METRIC = OpenApiParameter("metric", str, description="The first with values if none is named.")
CURSOR = OpenApiParameter("cursor", str, description="`next` of the page before.")
DIRECTIONS = [*(each.value for each in Direction), ""]
GRAIN = "What one human number is of: image or pair."
Y_IS = "What the human number is, in words."


class EstimateSerializer(serializers.Serializer[Any]):
    """A number with its 95 % interval, or why there is none. Never NaN."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    why = serializers.CharField(allow_blank=True, help_text="Empty where there is a value.")


class PooledSerializer(serializers.Serializer[Any]):
    """Over everything at once; intervals by a bootstrap over prompts."""

    srcc = EstimateSerializer(help_text="Spearman's, of mid-ranks.")
    plcc = EstimateSerializer(help_text="Pearson's, of the values as they are: no logistic fit.")
    tau_b = EstimateSerializer(help_text="Kendall's tau-b.")


class PerPromptSerializer(PooledSerializer):
    """The mean over prompts of each prompt's own; prompts in which nothing varies are left out."""

    n_prompts = serializers.IntegerField(help_text="Prompts that define one.")


class AccuracySerializer(serializers.Serializer[Any]):
    """How often the metric prefers of two images the one that people prefer."""

    raw = EstimateSerializer(
        help_text="Ties as they are: of images a pair is right if both order it alike or both tie;"
        " of preferences only items that people decide count."
    )
    calibrated = EstimateSerializer(
        help_text="Over all pairs, people's ties too; differences up to epsilon are the metric's"
        " ties (Deutsch, Foster and Freitag 2023)."
    )
    epsilon = serializers.FloatField(allow_null=True, help_text="In the metric's unit.")
    n_pairs = serializers.IntegerField(help_text="Pairs of `raw`.")
    held_out = serializers.BooleanField(
        help_text="Epsilon was chosen on half of the prompts, `calibrated` is of the other half."
        " False where there are too few prompts: then it is of the pairs that chose it."
    )
    of = serializers.CharField(allow_blank=True, help_text="Which pairs, in words.")


class ByGeneratorSerializer(serializers.Serializer[Any]):
    """Generators' mean values against people's leaderboard."""

    srcc = EstimateSerializer(
        help_text="Against Bradley-Terry strengths for preferences, else people's mean."
    )
    p = serializers.FloatField(
        allow_null=True, help_text="Exact over all orders, two-sided; null for over 7 generators."
    )
    n = serializers.IntegerField(help_text="Generators.")


class MetricAgreementSerializer(serializers.Serializer[Any]):
    """One metric in one dimension. A metric that is better when lower is negated first.

    Preferences are correlated with the difference of the two images' values, each pair both ways
    round, so that it doesn't matter which image is called a.
    """

    dimension = serializers.CharField(help_text="A question's key, or question.flag.")
    title = serializers.CharField()
    metric = serializers.CharField()
    version = serializers.CharField()
    direction = serializers.ChoiceField(choices=DIRECTIONS, help_text="Which way is better.")
    grain = serializers.CharField(help_text=GRAIN)
    y_is = serializers.CharField(help_text=Y_IS)
    n_items = serializers.IntegerField(help_text="Settled items with both numbers.")
    n_images = serializers.IntegerField()
    n_prompts = serializers.IntegerField(help_text="An item without a prompt is one of its own.")
    note = serializers.CharField(allow_blank=True, help_text="What limits it.")
    pooled = PooledSerializer()
    per_prompt = PerPromptSerializer()
    accuracy = AccuracySerializer()
    ceiling = EstimateSerializer(
        help_text="√ reliability of people's means, ICC(1, k): what no correlation can be expected"
        " to pass."
    )
    human_accuracy = EstimateSerializer(
        help_text="`accuracy.raw` of one person held against the mean of the others."
    )
    by_generator = ByGeneratorSerializer()


class MetricsReportSerializer(serializers.Serializer[Any]):
    """By dimension and metric."""

    rows = MetricAgreementSerializer(many=True)
    empty = serializers.CharField(allow_blank=True, help_text="Why there are no rows.")
    pending = serializers.IntegerField(
        help_text="Rows that are still to be computed: an answer takes a few seconds at most, and"
        " the next request goes on where it stopped."
    )


class PointImageSerializer(serializers.Serializer[Any]):
    """One of the images behind a point."""

    id = serializers.UUIDField()
    letter = serializers.CharField()
    generator = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()


class PointSerializer(serializers.Serializer[Any]):
    """One image, or one item of two: then generator and images at this level are those of a."""

    item = serializers.UUIDField()
    image = serializers.UUIDField(allow_null=True, help_text="Null for a pair.")
    x = serializers.FloatField(help_text="As measured, never negated; of a pair a minus b.")
    y = serializers.FloatField()
    generator = serializers.CharField(allow_blank=True)
    prompt = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    images = PointImageSerializer(many=True, help_text="The image, or both of the pair.")


class MetricPointsSerializer(serializers.Serializer[Any]):
    """The points of a plot."""

    x = serializers.CharField(allow_blank=True, help_text="The metric; empty: none is measured.")
    y = serializers.CharField(help_text="The dimension.")
    y_is = serializers.CharField(help_text=Y_IS)
    direction = serializers.ChoiceField(choices=DIRECTIONS, help_text="Which way of x is better.")
    grain = serializers.CharField(help_text=GRAIN)
    note = serializers.CharField(allow_blank=True, help_text="Why there are no points.")
    total = serializers.IntegerField()
    drawn = serializers.IntegerField(help_text="At most 2,000, by the hash of their ids.")
    results = PointSerializer(many=True)


class DisagreementImageSerializer(serializers.Serializer[Any]):
    """An image of the item with both its numbers."""

    id = serializers.UUIDField()
    letter = serializers.CharField()
    generator = serializers.CharField(allow_blank=True)
    url = serializers.CharField()
    thumbnail_url = serializers.CharField()
    human = serializers.FloatField(
        allow_null=True, help_text="As y_is says; of a pair the share who prefer it, ties half."
    )
    metric = serializers.FloatField(allow_null=True, help_text="As measured.")


class DisagreementSerializer(serializers.Serializer[Any]):
    """An item on which people and metric differ."""

    item = serializers.UUIDField()
    key = serializers.CharField()
    prompt = serializers.CharField(allow_blank=True)
    disagreement = serializers.FloatField(
        help_text="Of images: how far apart the item's most different image stands in people's"
        " order and in the metric's, each from 0 to 1 over all judged images of the project. Of"
        " pairs: the metric's difference in robust standard deviations (1.4826 times the median"
        " absolute difference) times the margin of people's votes, where they prefer different"
        " images. Always above 0."
    )
    images = DisagreementImageSerializer(many=True)
    said = serializers.CharField(help_text="The same in words.")


class DisagreementsSerializer(serializers.Serializer[Any]):
    """A page of 24, most different first."""

    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")
    y_is = serializers.CharField(help_text=Y_IS)
    note = serializers.CharField(allow_blank=True, help_text="Why there are none.")
    results = DisagreementSerializer(many=True)


def _estimate_body(estimate: Estimate) -> dict[str, Any]:
    low, high = estimate.interval or (None, None)
    return {
        "value": estimate.value,
        "low": low,
        "high": high,
        "why": sentence(estimate.undefined) if estimate.undefined else "",
    }


def _correlations_body(found: Correlations) -> dict[str, Any]:
    return {
        "srcc": _estimate_body(found.srcc),
        "plcc": _estimate_body(found.plcc),
        "tau_b": _estimate_body(found.tau_b),
    }


def _row_body(row: Row) -> dict[str, Any]:
    accuracy, by_generator = row.accuracy, row.by_generator
    return {
        "dimension": row.dimension.key,
        "title": row.dimension.title,
        "metric": row.measured.metric,
        "version": row.measured.version,
        "direction": row.measured.direction,
        "grain": "pair" if row.dimension.of_pairs else "image",
        "y_is": row.dimension.y_is,
        "n_items": row.n_items,
        "n_images": row.n_images,
        "n_prompts": row.n_prompts,
        "note": row.note,
        "pooled": _correlations_body(row.pooled),
        "per_prompt": {
            **_correlations_body(row.per_prompt),
            "n_prompts": row.per_prompt.groups,
        },
        "accuracy": {
            "raw": _estimate_body(accuracy.raw),
            "calibrated": _estimate_body(accuracy.calibrated),
            "epsilon": accuracy.epsilon,
            "n_pairs": accuracy.n_pairs,
            "held_out": accuracy.held_out,
            "of": accuracy.of,
        },
        "ceiling": _estimate_body(row.ceiling),
        "human_accuracy": _estimate_body(row.human_accuracy),
        "by_generator": {
            "srcc": _estimate_body(by_generator.srcc),
            "p": by_generator.p,
            "n": by_generator.n,
        },
    }


def _urls(image: Image) -> dict[str, str]:
    return {
        "url": f"/api/v1/images/{image.pk}/file",
        "thumbnail_url": f"/api/v1/images/{image.pk}/thumbnail",
    }


def _point_body(point: Point) -> dict[str, Any]:
    first, *others = point.images
    return {
        "item": point.item,
        "image": None if others else first.pk,
        "x": point.x,
        "y": point.y,
        "generator": first.generator,
        "prompt": point.prompt,
        **_urls(first),
        "images": [
            {"id": image.pk, "letter": letter, "generator": image.generator, **_urls(image)}
            for letter, image in zip(point.letters, point.images, strict=True)
        ],
    }


def _disagreement_body(row: Disagreement) -> dict[str, Any]:
    return {
        "item": row.item,
        "key": row.key,
        "prompt": row.prompt,
        "disagreement": row.amount,
        "images": [
            {
                "id": side.image.pk,
                "letter": side.letter,
                "generator": side.image.generator,
                **_urls(side.image),
                "human": side.human,
                "metric": side.metric,
            }
            for side in row.sides
        ],
        "said": row.said,
    }


class MetricsReportView(APIView):
    """GET: which metric agrees with people."""

    @extend_schema(
        operation_id="report_metrics",
        tags=["reports"],
        parameters=[DIMENSION, METRIC],
        responses={200: MetricsReportSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Correlation and pairwise accuracy of each metric in each dimension, with the ceiling."""
        project = project_for(person(request), project_id, Role.MANAGER)
        found = metrics_report_of(
            project,
            dimension=request.query_params.get("dimension", ""),
            metric=request.query_params.get("metric", ""),
        )
        body = {
            "rows": [_row_body(row) for row in found.rows],
            "empty": found.empty,
            "pending": found.pending,
        }
        return Response(MetricsReportSerializer(body).data)


class MetricPointsView(APIView):
    """GET: one metric against one dimension."""

    @extend_schema(
        operation_id="report_metric_points",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC],
        responses={200: MetricPointsSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """The points of a plot, each with its image."""
        project = project_for(person(request), project_id, Role.MANAGER)
        found = points_of(
            project,
            dimension=request.query_params.get("dimension", ""),
            metric=request.query_params.get("metric", ""),
        )
        dimension = found.held.dimension
        body = {
            "x": found.held.metric,
            "y": dimension.key,
            "y_is": dimension.y_is,
            "direction": found.held.direction,
            "grain": "pair" if dimension.of_pairs else "image",
            "note": found.held.note,
            "total": found.total,
            "drawn": len(found.points),
            "results": [_point_body(point) for point in found.points],
        }
        return Response(MetricPointsSerializer(body).data)


class MetricDisagreementsView(APIView):
    """GET: where they differ."""

    @extend_schema(
        operation_id="report_metric_disagreements",
        tags=["reports"],
        parameters=[ONE_DIMENSION, ONE_METRIC, CURSOR],
        responses={200: DisagreementsSerializer, **ERRORS},
    )
    def get(self, request: Request, project_id: int) -> Response:
        """Items on which people and metric disagree, most different first, 24 a page."""
        project = project_for(person(request), project_id, Role.MANAGER)
        found = disagreements_of(
            project,
            dimension=request.query_params.get("dimension", ""),
            metric=request.query_params.get("metric", ""),
            cursor=request.query_params.get("cursor", ""),
        )
        body = {
            "next": found.next,
            "y_is": found.held.dimension.y_is,
            "note": found.held.note,
            "results": [_disagreement_body(row) for row in found.rows],
        }
        return Response(DisagreementsSerializer(body).data)


_REPORT = "projects/<int:project_id>/reports/metrics"
urlpatterns = [
    path(_REPORT, MetricsReportView.as_view()),
    path(f"{_REPORT}/points", MetricPointsView.as_view()),
    path(f"{_REPORT}/disagreements", MetricDisagreementsView.as_view()),
]
