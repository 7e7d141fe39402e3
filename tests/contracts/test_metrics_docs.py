"""docs/weights.md and docs/metrics.md say of every file and every metric what the code says."""

import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from scoring.catalog import CATALOG

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_table_of_weights_is_that_of_the_registry() -> None:
    out = StringIO()
    call_command("weights", "table", stdout=out)

    text = (DOCS / "weights.md").read_text()
    table = text.split("a test compares -->\n", 1)[1].split("\n<!-- end -->", 1)[0]

    assert table == out.getvalue().strip(), "run `manage.py weights table` and paste it"


def test_every_metric_is_described_with_its_version() -> None:
    described = {}
    for line in (DOCS / "metrics.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        for name in re.findall(r"`(\w+)`", cells[0]) if len(cells) == 4 else []:
            described[name] = cells[1]

    assert described == {name: metric.version for name, metric in CATALOG.items()}
