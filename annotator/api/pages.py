"""The browser application, for every address that is nobody else's."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Triptych</title>
<h1>The pages are not built yet</h1>
<p>Run <code>make setup</code> where Triptych is installed, then load this page again.
The API under <code>/api/v1/</code> works without them.</p>
</html>
"""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """index.html with this answer's nonce, so that the page's own styles may stand."""
    try:
        page = (settings.FRONTEND_DIST / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503)
    nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
    answer = HttpResponse(page.replace("__CSP_NONCE__", nonce))
    answer["Cache-Control"] = "no-store"
    return answer


@csrf_exempt
def no_such_call(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """An address under /api/ that is not there, whatever the method: 404 as JSON."""
    raise Http404


urlpatterns = [
    path("api", no_such_call),
    path("api/<path:rest>", no_such_call),
    path("api/", no_such_call),
    re_path(r"^(?!(?:api|static|health|metrics)(?:/|$)).*$", index),
]
