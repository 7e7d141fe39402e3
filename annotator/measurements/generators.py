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

LARGEST = 1.7e308
_CAPS = " ".join(
    f"WHEN '{name}' THEN {entry.cap}"
    for name, entry in catalog.CATALOG.items()
    if entry.cap is not None
)
# Sums over each prompt's images, then over prompts: the ORM cannot group what is grouped. What is
# infinite counts as much as its metric's cap.
SUMS = f"""
SELECT generator, metric, version, SUM(n), SUM(failed), SUM(infinite),
       SUM(CASE WHEN n > 0 THEN 1 ELSE 0 END),
       SUM(total), SUM(squares), SUM(total * total), SUM(total * n), SUM(n * n)
FROM (
    SELECT generator, metric, version, prompt,
           1.0 * SUM(CASE WHEN value IS NULL THEN 0 ELSE 1 END) AS n,
           SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed,
           SUM(CASE WHEN infinite THEN 1 ELSE 0 END) AS infinite,
           COALESCE(SUM(value), 0.0) AS total,
           COALESCE(SUM(value * value), 0.0) AS squares
    FROM (
        SELECT i.generator, m.metric, m.version, i.prompt, m.state, m.value > {LARGEST} AS infinite,
               CASE WHEN m.value > {LARGEST} THEN CASE m.metric {_CAPS} END
                    ELSE m.value END AS value
        FROM measurements_measurement m JOIN items_image i ON i.id = m.image_id
        WHERE m.project_id = %s AND m.current AND m.text = '' AND NOT i.is_reference
    ) AS of_image
    GROUP BY generator, metric, version, prompt
) AS by_prompt
GROUP BY generator, metric, version
ORDER BY generator, metric, version
"""  # noqa: S608 - of the catalog's own names


@dataclass(frozen=True, slots=True)
class GeneratorMetric:
    """A metric's mean over a generator's images."""

    metric: str
    version: str
    n: int = field(metadata={"help": "Images with a number."})
    failed: int = field(metadata={"help": "Images that could not be measured."})
    infinite: int = field(
        metadata={"help": "Images whose value is infinite: the metric's cap stands for each."}
    )
    cap: float | None = field(metadata={"help": "What stands in the mean for what is infinite."})
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
    for generator, metric, version, n, failed, infinite, clusters, *sums in rows:
        if metric in catalog.CATALOG:
            entry = catalog.metric(metric)
            mean = cluster_mean(int(n), int(clusters), *(float(one) for one in sums))
            mean = mean.within(entry.low, entry.high)
            yield generator, _row(metric, version, int(n), int(failed), int(infinite), mean)


def _row(
    metric: str, version: str, n: int, failed: int, infinite: int, mean: Mean
) -> GeneratorMetric:
    low, high = mean.interval or (None, None)
    cap = catalog.metric(metric).cap
    return GeneratorMetric(
        metric,
        version,
        n,
        failed,
        infinite,
        cap,
        mean.value,
        mean.sd,
        low,
        high,
        mean.why,
    )
