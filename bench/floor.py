"""The ceiling beside which a round is measured: a bare Django view that writes the same rows.

    gunicorn bench.floor:application     by the command that serves the site

No framework above Django, no middleware, no session or token, no membership, no check of the
answers, no review: whoever calls is who they say they are. What an answer leaves in the database
is the same: a slot taken and filled, its events, the annotation with its parts, the cursor.
"""

import hashlib
import json
import os
import uuid
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor_settings"

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

TAKE = """
UPDATE assignments_assignment SET state = 'claimed', annotator_id = %(person)s,
    lease_expires_at = now() + interval '10 minutes', claimed_at = now()
WHERE id = (
    SELECT id FROM assignments_assignment s
    WHERE project_id = %(project)s AND state = 'open' AND position >= (
        SELECT coalesce(max(position), 0) FROM assignments_cursor
        WHERE annotator_id = %(person)s AND project_id = %(project)s)
      AND NOT EXISTS (SELECT FROM assignments_assignment had
                      WHERE had.item_id = s.item_id AND had.annotator_id = %(person)s
                        AND NOT had.given_back)
    ORDER BY position, slot LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, item_id, position, shown_order"""
WALK_ON = """
INSERT INTO assignments_cursor (annotator_id, project_id, position)
VALUES (%(person)s, %(project)s, %(position)s)
ON CONFLICT (annotator_id, project_id) DO UPDATE SET position = excluded.position"""
FILL = """
UPDATE assignments_assignment SET state = 'accepted', submitted_at = now(), lease_expires_at = NULL
WHERE id = %(slot)s"""
EVENTS = """
INSERT INTO assignments_event
    (assignment_id, annotator_id, actor_id, from_state, to_state, cause, at)
VALUES (%(slot)s, %(person)s, %(person)s, 'open', 'claimed', 'claim', now()),
       (%(slot)s, %(person)s, %(person)s, 'claimed', 'submitted', 'submit', now()),
       (%(slot)s, %(person)s, NULL, 'submitted', 'accepted', 'not sampled', now())"""
ANNOTATION = """
INSERT INTO annotations_annotation (id, assignment_id, item_id, annotator_id, revision, current,
    counted, idempotency_key, fingerprint, sha256, shown_order, active_ms, claimed_at, submitted_at,
    first_submitted_at)
VALUES (%(annotation)s, %(slot)s, %(item)s, %(person)s, 1, true, true, %(key)s, %(digest)s,
    %(digest)s, %(order)s, 5400, now(), now(), now())"""
PARTS = """
INSERT INTO annotations_annotationpiece
    (annotation_id, question_id, type, letter, ordinal, choice, text)
SELECT %(annotation)s, id, 'choice', '', 0, 'a', '' FROM projects_question
WHERE project_id = %(project)s"""


def round_of(request: HttpRequest, project: int, person: int) -> JsonResponse:
    """Takes a slot and fills it with what was sent, in one transaction."""
    digest = hashlib.sha256(json.dumps(json.loads(request.body)).encode()).hexdigest()
    of: dict[str, Any] = {
        "project": project,
        "person": person,
        "digest": digest,
        "annotation": uuid.uuid4(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE, of)
        slot, item, position, order = cursor.fetchone()
        of |= {"slot": slot, "item": item, "position": position, "order": order}
        of["key"] = request.headers["Idempotency-Key"]
        for statement in (WALK_ON, FILL, EVENTS, ANNOTATION, PARTS):
            cursor.execute(statement, of)
    return JsonResponse({"id": str(of["annotation"]), "sha256": digest})


urlpatterns = [path("projects/<int:project>/rounds/<int:person>", round_of)]
application = get_wsgi_application()
