"""What each generator's images measure on average, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, TextField, Value
from django.db.models.functions import Coalesce

from annotator.items.grouping import Grouping, of_images, too_many
from annotator.items.models import Image
from annotator.items.selectors import Entry
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
SELECT generator, part, metric, version, SUM(n), SUM(failed), SUM(infinite),
       SUM(CASE WHEN n > 0 THEN 1 ELSE 0 END),
       SUM(total), SUM(squares), SUM(total * total), SUM(total * n), SUM(n * n)
FROM (
    SELECT generator, part, metric, version, prompt,
           1.0 * SUM(CASE WHEN value IS NULL THEN 0 ELSE 1 END) AS n,
           SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed,
           SUM(CASE WHEN infinite THEN 1 ELSE 0 END) AS infinite,
           COALESCE(SUM(value), 0.0) AS total,
           COALESCE(SUM(value * value), 0.0) AS squares
    FROM (
        SELECT i.generator, {{part}} AS part, m.metric, m.version, m.state,
               COALESCE(NULLIF(i.normal_prompt, ''), i.prompt) AS prompt,
               m.value > {LARGEST} AS infinite,
               CASE WHEN m.value > {LARGEST} THEN CASE m.metric {_CAPS} END
                    ELSE m.value END AS value
        FROM measurements_measurement m JOIN items_image i ON i.id = m.image_id
        WHERE m.project_id = %s AND m.current AND m.text = '' AND NOT i.is_reference
    ) AS of_image
    GROUP BY generator, part, metric, version, prompt
) AS by_prompt
GROUP BY generator, part, metric, version
ORDER BY generator, part, metric, version
"""  # noqa: S608 - of the catalog's own names

# One key of what came with an image, as items.selectors.Entry.
PART = {
    "postgresql": "COALESCE(i.meta ->> %s, '')",
    "sqlite": "COALESCE((SELECT CASE WHEN type IN ('true', 'false') THEN type "
    "ELSE CAST(value AS TEXT) END FROM json_each(i.meta) WHERE key = %s), '')",
}


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
    not_grouped: Reason | None = field(
        default=None, metadata={"help": "Why there are no rows by what was asked for."}
    )


def by_generator(project: Project, by: str = "") -> GeneratorTable:
    """What each generator's images measure (2 queries, 3 to part them by a key of images).

    Raises Invalid for what there is not.
    """
    grouping = of_images(project, by)
    part = (
        Value("")
        if grouping is None
        else Coalesce(Entry("meta", grouping.key), Value(""), output_field=TextField())
    )
    images = Image.objects.filter(project=project, is_reference=False).annotate(part=part)
    counted = images.values_list("generator", "part").annotate(n=Count("pk"))
    rows = {
        (name, value): GeneratorRow(
            name if grouping is None else grouping.label(name, value), n, []
        )
        for name, value, n in counted.order_by("generator", "part")
    }
    if (why := too_many(grouping, rows)) is not None:
        return GeneratorTable([], why)
    for row, measured in _sums(project, grouping):
        rows[row].metrics.append(measured)
    return GeneratorTable(list(rows.values()))


def _sums(
    project: Project, grouping: Grouping | None
) -> Iterator[tuple[tuple[str, str], GeneratorMetric]]:
    part = "''" if grouping is None else PART[connection.vendor]
    key = () if grouping is None else (grouping.key,)
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(part=part), [*key, project.pk])
        rows = cursor.fetchall()
    for generator, value, metric, version, n, failed, infinite, clusters, *sums in rows:
        if entry := catalog.find(metric):
            mean = cluster_mean(int(n), int(clusters), *(float(one) for one in sums))
            mean = mean.within(entry.low, entry.high)
            yield (
                (generator, value),
                _row(metric, version, int(n), int(failed), int(infinite), mean),
            )


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
