"""Run by test_export_memory in a process of its own: exports once, prints what it took as JSON."""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from annotator.projects.models import Project  # noqa: E402
from tests.rooms.exported import made, manifest  # noqa: E402


def peak_kib() -> int:
    """This process's own highest memory; getrusage's would be inherited from whoever started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)


def main(project_id: int, format_name: str, out: Path) -> None:
    """Peak memory in KiB, before and after."""
    project = Project.objects.get(pk=project_id)
    options = {} if format_name == "annotations" else {"images": False}
    before = peak_kib()
    start, busy = time.perf_counter(), time.process_time()
    rows = manifest(made(project, format_name, out, **options))["rows"]
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    after = peak_kib()
    measured = {"rows": rows, "before": before, "after": after, "seconds": seconds, "cpu": busy}
    sys.stdout.write(json.dumps(measured))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
