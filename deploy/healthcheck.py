"""`python deploy/healthcheck.py web|worker|beat|rewards`: exits 0 if the container's own process
is well.

web: the site answers on port 8000. worker: the Celery worker of this host answers over the broker.
beat: its last round was within a minute. rewards: the service answers on port 8100. Prints what is
wrong.
"""

import http.client
import os
import socket
import sys

PORT = 8000
REWARD_PORT = 8100
SECONDS = 4.0
SILENT = 60.0


def host_header() -> str:
    """A name that ALLOWED_HOSTS lets in."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return "localhost" if first in {"", "*"} else first


def web() -> str:
    # Said as the proxy says it, or HTTPS=true would answer with a redirect.
    return _asked(PORT, "/health/live", {"Host": host_header(), "X-Forwarded-Proto": "https"})


def rewards() -> str:
    return _asked(REWARD_PORT, "/health", {})


def _asked(port: int, path: str, headers: dict[str, str]) -> str:
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        caller.request("GET", path, headers=headers)
        status = caller.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"it does not answer: {error}"
    finally:
        caller.close()
    return "" if status == http.HTTPStatus.OK else f"it answers with {status}"


def worker() -> str:
    from annotator.config.celery import app  # noqa: PLC0415  (the web check needs no Celery)

    host = socket.gethostname()
    answers = app.control.ping(timeout=SECONDS)
    names = [name for answer in answers for name in answer]
    return "" if any(name.endswith(f"@{host}") for name in names) else "the worker is silent"


def beat() -> str:
    import django  # noqa: PLC0415  (the web check needs no Django)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.config.settings")
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from annotator.ops.heartbeat import SWEEP, ages  # noqa: PLC0415

    age = ages(timezone.now()).get(SWEEP)
    return "" if age is not None and age < SILENT else f"the last round was {age} s ago"


if __name__ == "__main__":
    wrong = {"web": web, "worker": worker, "beat": beat, "rewards": rewards}[sys.argv[1]]()
    sys.exit(wrong or 0)
