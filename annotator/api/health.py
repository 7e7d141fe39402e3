"""For whoever runs the site: alive, ready, and numbers for Prometheus."""

import secrets
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotator.core import clock
from annotator.core.reasons import as_json
from annotator.exports import selectors as exports
from annotator.ops import health, heartbeat
from annotator.reports.counts import annotations_total, counts_by_state


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when everything that a full day's work takes is there; 503 with the reasons else."""
    checks = health.checks(clock.now())
    status = 200 if all(check.ok for check in checks) else 503
    shown = [{"name": one.name, "ok": one.ok, **as_json(one.reason)} for one in checks]
    return JsonResponse({"checks": shown}, status=status)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for METRICS_TOKEN's bearer or a caller on this very machine."""
    if not _may_measure(request):
        raise Http404
    text = "".join(f"{line}\n" for line in _lines())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_measure(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return secrets.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy on this machine the whole world seems to call from here.
    if settings.TRUSTED_PROXIES or "X-Forwarded-For" in request.headers:
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _lines() -> Iterator[str]:
    for kind, states in {**counts_by_state(), "exports": exports.counts_by_state()}.items():
        yield f"# HELP triptych_{kind} How many there are, by state."
        yield f"# TYPE triptych_{kind} gauge"
        for state, count in sorted(states.items()):
            yield f'triptych_{kind}{{state="{state}"}} {count}'
    yield "# HELP triptych_annotations_total Annotations ever stored."
    yield "# TYPE triptych_annotations_total counter"
    yield f"triptych_annotations_total {annotations_total()}"
    yield "# HELP triptych_heartbeat_age_seconds Seconds since a worker's last sign of life."
    yield "# TYPE triptych_heartbeat_age_seconds gauge"
    for name, age in heartbeat.ages(clock.now()).items():
        yield f'triptych_heartbeat_age_seconds{{name="{name}"}} {age:.3f}'


urlpatterns = [
    path("health/live", live),
    path("health/ready", ready),
    path("metrics", metrics),
]
