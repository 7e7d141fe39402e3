"""What each generator's images measure on average, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from annotator.items.models import Image
from annotator.projects.models import Project
from scoring import catalog
from scoring.reasons import Reason
from scoring.statistics.means import Mean, cluster_mean

# Sums over each prompt's images, then over prompts: the ORM cannot group what is grouped.
SUMS = """
SELECT generator, metric, version, SUM(n), SUM(failed), SUM(CASE WHEN n > 0 THEN 1 ELSE 0 END),
       SUM(total), SUM(squares), SUM(total * total), SUM(total * n), SUM(n * n)
FROM (
    SELECT i.generator, m.metric, m.version, i.prompt,
           1.0 * SUM(CASE WHEN m.value IS NULL THEN 0 ELSE 1 END) AS n,
           SUM(CASE WHEN m.state = 'failed' THEN 1 ELSE 0 END) AS failed,
           COALESCE(SUM(m.value), 0.0) AS total,
           COALESCE(SUM(m.value * m.value), 0.0) AS squares
    FROM measurements_measurement m JOIN items_image i ON i.id = m.image_id
    WHERE m.project_id = %s AND m.current AND m.text = '' AND NOT i.is_reference
    GROUP BY i.generator, m.metric, m.version, i.prompt
) AS by_prompt
GROUP BY generator, metric, version
ORDER BY generator, metric, version
"""


@dataclass(frozen=True, slots=True)
class GeneratorMetric:
    """A metric's mean over a generator's images."""

    metric: str
    version: str
    n: int = field(metadata={"help": "Images with a number."})
    failed: int = field(metadata={"help": "Images that could not be measured."})
    mean: float | None
    sd: float | None = field(metadata={"help": "Over images."})
    low: float | None = field(
        metadata={
            "help": "95 % interval of the mean: Student's t over prompts, whose images are alike."
        }
    )
    high: float | None
    reason: Reason | None = field(metadata={"help": "Why a number is missing."})


@dataclass(frozen=True, slots=True)
class GeneratorRow:
    """A generator, its judged images, and what they measure."""

    generator: str
    images: int
    metrics: list[GeneratorMetric]


@dataclass(frozen=True, slots=True)
class GeneratorTable:
    """Every generator of a project's judged images, by name."""

    rows: list[GeneratorRow]


def by_generator(project: Project) -> GeneratorTable:
    """What each generator's images measure (2 queries)."""
    counted = Image.objects.filter(project=project, is_reference=False).values_list("generator")
    rows = {
        name: GeneratorRow(name, images, [])
        for name, images in counted.annotate(n=Count("pk")).order_by("generator")
    }
    for generator, measured in _sums(project):
        rows[generator].metrics.append(measured)
    return GeneratorTable(list(rows.values()))


def _sums(project: Project) -> Iterator[tuple[str, GeneratorMetric]]:
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [project.pk])
        rows = cursor.fetchall()
    for generator, metric, version, n, failed, clusters, *sums in rows:
        if metric in catalog.CATALOG:
            entry = catalog.metric(metric)
            mean = cluster_mean(int(n), int(clusters), *(float(one) for one in sums))
            yield (
                generator,
                _row(metric, version, int(n), int(failed), mean.within(entry.low, entry.high)),
            )


def _row(metric: str, version: str, n: int, failed: int, mean: Mean) -> GeneratorMetric:
    low, high = mean.interval or (None, None)
    return GeneratorMetric(metric, version, n, failed, mean.value, mean.sd, low, high, mean.why)
