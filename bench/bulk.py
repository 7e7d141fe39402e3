"""Many pair items, open or settled with three answers each, made inside PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import connection

# Ids from a hash of (project, kind, number), so that each statement finds the rows of the others.
ITEMS = """
INSERT INTO items_item (id, project_id, batch_id, prompt, key)
SELECT md5(%(project)s || 'item' || n)::uuid, %(project)s, %(batch)s,
       'a cube beside ' || n || ' spheres', lpad(n::text, 8, '0')
FROM generate_series(1, %(items)s) n"""
# Rows alone, without files: for what reads no pixels.
IMAGES = """
INSERT INTO items_image (id, project_id, batch_id, prompt, generator, source_name, source_sha256,
       sha256, bytes, width, height, is_reference)
SELECT md5(%(project)s || 'image' || n)::uuid, %(project)s, %(batch)s,
       'a cube beside ' || n / 2 || ' spheres', 'generator-' || n %% %(generators)s, n || '.png',
       md5(n::text) || md5(n::text), md5(n::text) || md5(n::text), 1000, 64, 64, false
FROM generate_series(0, %(images)s - 1) n"""
MEASUREMENTS = """
INSERT INTO measurements_measurement (state, holder, attempts, project_id, image_id, queue, metric,
       version, weights, device, dtype, current, value, text, reasons, at)
SELECT 'done', '', 1, i.project_id, i.id, 'cpu', metric, '1', '', 'cpu', 'float64', true,
       ('x' || left(md5(i.id || metric), 8))::bit(32)::bigint / 4294967296.0, '', '[]', now()
FROM items_image i, unnest(%(metrics)s::text[]) metric WHERE i.project_id = %(project)s"""
PLACES = """
INSERT INTO items_itemimage (item_id, image_id, place)
SELECT md5(%(project)s || 'item' || n)::uuid,
       (%(images)s::uuid[])[1 + (n + place) %% cardinality(%(images)s::uuid[])], place
FROM generate_series(1, %(items)s) n, generate_series(0, 1) place"""
SLOTS = """
INSERT INTO assignments_assignment (id, item_id, project_id, slot, state, position, shown_order)
SELECT md5(%(project)s || 'slot' || n || '-' || s)::uuid, md5(%(project)s || 'item' || n)::uuid,
       %(project)s, s, 'open', n, CASE WHEN (n + s) %% 2 = 0 THEN 'ab' ELSE 'ba' END
FROM generate_series(1, %(items)s) n, generate_series(0, 2) s"""
REVIEWS = """
INSERT INTO reviews_review (item_id, project_id, batch_id, waiting)
SELECT md5(%(project)s || 'item' || n)::uuid, %(project)s, %(batch)s, false
FROM generate_series(1, %(items)s) n WHERE n %% 5 = 0"""
ASSIGNMENTS = """
INSERT INTO assignments_assignment (id, item_id, project_id, slot, state, annotator_id, position,
       shown_order, claimed_at, submitted_at)
SELECT md5(%(project)s || 'slot' || n || '-' || s)::uuid, md5(%(project)s || 'item' || n)::uuid,
       %(project)s, s, 'accepted',
       (%(people)s::bigint[])[1 + (n + s) %% cardinality(%(people)s::bigint[])],
       n, 'ba', now(), now()
FROM generate_series(1, %(items)s) n, generate_series(0, 2) s"""
ANNOTATIONS = """
INSERT INTO annotations_annotation (id, assignment_id, item_id, annotator_id, revision, current,
       counted, idempotency_key, fingerprint, sha256, shown_order, active_ms, submitted_at,
       first_submitted_at)
SELECT md5(%(project)s || 'said' || n || '-' || s)::uuid,
       md5(%(project)s || 'slot' || n || '-' || s)::uuid, md5(%(project)s || 'item' || n)::uuid,
       (%(people)s::bigint[])[1 + (n + s) %% cardinality(%(people)s::bigint[])],
       1, true, true, n || '-' || s, repeat('0', 64),
       repeat('0', 64), 'ba', 4000 + n %% 1000, now(), now()
FROM generate_series(1, %(items)s) n, generate_series(0, 2) s"""
PIECES = """
INSERT INTO annotations_annotationpiece
       (annotation_id, question_id, type, letter, ordinal, choice, text)
SELECT md5(%(project)s || 'said' || n || '-' || s)::uuid, q.id, 'choice', '', 0,
       CASE WHEN (n + s * q.position) %% 5 < 3 THEN 'a' ELSE 'b' END, ''
FROM generate_series(1, %(items)s) n, generate_series(0, 2) s, projects_question q
WHERE q.project_id = %(project)s"""
CONSENSUS = """
INSERT INTO consensus_consensus (item_id, project_id, annotations, settled_at, disagreement)
SELECT md5(%(project)s || 'item' || n)::uuid, %(project)s, 3, now(), n %% 10 / 10.0
FROM generate_series(1, %(items)s) n"""
FINDINGS = """
INSERT INTO consensus_finding (consensus_id, question_id, letter, key, votes, "of", decided)
SELECT c.id, piece.question_id, '', piece.choice, count(*), 3, count(*) > 1
FROM consensus_consensus c
JOIN annotations_annotation said ON said.item_id = c.item_id
JOIN annotations_annotationpiece piece ON piece.annotation_id = said.id
WHERE c.project_id = %(project)s GROUP BY c.id, piece.question_id, piece.choice"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is to be made: `items` settled pairs of `images`, judged by three `people`.

    The project has preference questions alone; every answer is a or b, so each question of each
    item is decided.
    """

    project: int
    batch: int
    items: int
    images: Sequence[UUID]
    people: Sequence[int]


def fill(crowd: Crowd) -> None:
    """Makes it, in seven statements."""
    named = {**asdict(crowd), "images": list(crowd.images), "people": list(crowd.people)}
    _run((ITEMS, PLACES, ASSIGNMENTS, ANNOTATIONS, PIECES, CONSENSUS, FINDINGS), named)


def add_images(project: int, batch: int, images: int, generators: int) -> list[UUID]:
    """So many rows of images, two of each prompt; their ids."""
    named = {"project": project, "batch": batch, "images": images, "generators": generators}
    _run((IMAGES,), named)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM items_image WHERE project_id = %s ORDER BY id", [project])
        return [pk for (pk,) in cursor.fetchall()]


def measure_images(project: int, metrics: Sequence[str]) -> None:
    """A value of each metric for each image of a project."""
    _run((MEASUREMENTS,), {"project": project, "metrics": list(metrics)})


def open_items(project: int, batch: int, items: int, images: Sequence[UUID]) -> None:
    """So many items that nobody has looked at; each fifth is drawn for review."""
    named = {"project": project, "batch": batch, "items": items, "images": list(images)}
    _run((ITEMS, PLACES, SLOTS, REVIEWS), named)


def _run(statements: Sequence[str], named: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, named)
        cursor.execute("ANALYZE")
