"""Many settled pair items with three answers each, made inside PostgreSQL in seconds."""

from django.db import connection

from annotator.projects.models import Project
from tests import factories, judged
from tests.rooms.exported import batch, people

# Ids from a hash of (project, kind, number), so that each statement finds the rows of the others.
ITEMS = """
INSERT INTO items_item (id, project_id, batch_id, prompt, key)
SELECT md5(%(p)s || 'item' || n)::uuid, %(p)s, %(batch)s, 'a cube beside ' || n || ' spheres',
       lpad(n::text, 8, '0') FROM generate_series(1, %(count)s) n"""
PLACES = """
INSERT INTO items_itemimage (item_id, image_id, place)
SELECT md5(%(p)s || 'item' || n)::uuid, CASE place WHEN 0 THEN %(a)s::uuid ELSE %(b)s::uuid END,
       place FROM generate_series(1, %(count)s) n, generate_series(0, 1) place"""
ASSIGNMENTS = """
INSERT INTO assignments_assignment (id, item_id, project_id, slot, state, annotator_id, position,
       shown_order, claimed_at, submitted_at)
SELECT md5(%(p)s || 'slot' || n || '-' || s)::uuid, md5(%(p)s || 'item' || n)::uuid, %(p)s, s,
       'accepted', (%(people)s::bigint[])[s + 1], n, 'ba', now(), now()
FROM generate_series(1, %(count)s) n, generate_series(0, 2) s"""
ANNOTATIONS = """
INSERT INTO annotations_annotation (id, assignment_id, item_id, annotator_id, revision, current,
       counted, idempotency_key, fingerprint, sha256, shown_order, active_ms, submitted_at,
       first_submitted_at)
SELECT md5(%(p)s || 'said' || n || '-' || s)::uuid, md5(%(p)s || 'slot' || n || '-' || s)::uuid,
       md5(%(p)s || 'item' || n)::uuid, (%(people)s::bigint[])[s + 1], 1, true, true,
       n || '-' || s, repeat('0', 64), repeat('0', 64), 'ba', 4000 + n %% 1000, now(), now()
FROM generate_series(1, %(count)s) n, generate_series(0, 2) s"""
PARTS = """
INSERT INTO annotations_part (annotation_id, question_id, kind, letter, ordinal, choice, text)
SELECT md5(%(p)s || 'said' || n || '-' || s)::uuid, q.id, 'choice', '', 0,
       CASE WHEN (n + s * q.position) %% 5 < 3 THEN 'a' ELSE 'b' END, ''
FROM generate_series(1, %(count)s) n, generate_series(0, 2) s, projects_question q
WHERE q.project_id = %(p)s"""
CONSENSUS = """
INSERT INTO consensus_consensus (item_id, project_id, annotations, settled_at)
SELECT md5(%(p)s || 'item' || n)::uuid, %(p)s, 3, now() FROM generate_series(1, %(count)s) n"""
FINDINGS = """
INSERT INTO consensus_finding (consensus_id, question_id, letter, key, votes, "of", decided)
SELECT c.id, part.question_id, '', part.choice, count(*), 3, count(*) > 1
FROM consensus_consensus c
JOIN annotations_annotation said ON said.item_id = c.item_id
JOIN annotations_part part ON part.annotation_id = said.id
WHERE c.project_id = %(p)s GROUP BY c.id, part.question_id, part.choice"""


def crowded_project(items: int) -> Project:
    """A project of four preference questions with `items` settled items, three answers each."""
    project = factories.project("mps")
    in_batch = batch(project)
    named = {
        "p": project.pk,
        "batch": in_batch.pk,
        "count": items,
        "a": judged.image(in_batch, "painter", (200, 0, 0)).pk,
        "b": judged.image(in_batch, "drawer", (0, 0, 200)).pk,
        "people": [person.pk for person in people(project)],
    }
    with connection.cursor() as cursor:
        for statement in (ITEMS, PLACES, ASSIGNMENTS, ANNOTATIONS, PARTS, CONSENSUS, FINDINGS):
            cursor.execute(statement, named)
        cursor.execute("ANALYZE")
    return project
