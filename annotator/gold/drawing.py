"""Which copies a claim gives out: gold that one hasn't had, and one's own items mirrored."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from annotator.accounts.models import User
from annotator.annotations.models import Annotation
from annotator.assignments.claiming import CopyToGive, DrawCopies
from annotator.assignments.models import Assignment
from annotator.assignments.sides import shown_orders
from annotator.core.statements import Statement
from annotator.gold.models import GoldRule
from annotator.gold.rules import rule_of
from annotator.items.models import LETTERS, Item
from annotator.projects.models import Project

DRAWN_FROM = 200

WORK_AHEAD = """
    EXISTS (SELECT 1 FROM assignments_assignment s WHERE s.project_id = %(project)s
            AND s.state = 'open' AND s.position >= %(start)s)
"""
# Gold that the person has not had, of items that they have not had either. It is asked what all
# else is asked: by former questions it would be recognised once no other item has them.
GOLD = Statement(
    """
    SELECT g.item_id, (SELECT count(*) FROM items_itemimage p
                      WHERE p.item_id = g.item_id AND p.role = 'candidate')
    FROM gold_golditem g JOIN items_item i ON i.id = g.item_id
    WHERE g.project_id = %(project)s AND g.retired_at IS NULL AND {work_ahead}
      AND (i.asked IS NULL OR i.asked = %(asked)s)
      AND NOT EXISTS (SELECT 1 FROM assignments_assignment had
                      WHERE had.item_id IN (i.id, i.source_id)
                        AND had.annotator_id = %(annotator)s)
      AND NOT EXISTS (SELECT 1 FROM assignments_exclusion kept
                      WHERE kept.item_id IN (i.id, i.source_id)
                        AND kept.annotator_id = %(annotator)s)
    ORDER BY g.id LIMIT {most}
    """,
    work_ahead=WORK_AHEAD,
    most=str(DRAWN_FROM),
)
AHEAD = Statement("SELECT 1 WHERE {work_ahead}", work_ahead=WORK_AHEAD)


def drawing_for(
    annotator: User, project: Project, *, copy_of: Callable[[Item], Item], now: datetime
) -> DrawCopies | None:
    """How a claim of this person draws copies; None where the project mixes none in (no query).

    `copy_of` gives an item's copy, made where there is none.
    """
    rule = rule_of(project)
    if not rule.gold_rate and not rule.repeat_rate:
        return None
    return _Draw(annotator, project, rule, copy_of, now)


@dataclass(frozen=True, slots=True)
class _Draw:
    annotator: User
    project: Project
    rule: GoldRule
    copy_of: Callable[[Item], Item]
    now: datetime

    def __call__(self, requested: int, start: int) -> Sequence[CopyToGive]:
        """Mixed in only while there is other work ahead, else the end of the queue tells it."""
        key = f"{self.project.seed}:{self.annotator.pk}:{self.now.timestamp()}"
        rng = random.Random(key)  # noqa: S311 - keyed by a secret
        draws = [rng.random() for _ in range(requested)]
        gold, both = self.rule.gold_rate, self.rule.gold_rate + self.rule.repeat_rate
        golds = sum(draw < gold for draw in draws)
        repeats = sum(gold <= draw < both for draw in draws)
        given = self._gold(golds, start, rng) if golds else []
        return given + (self._repeats(repeats, start, rng) if repeats else [])

    def _gold(self, most: int, start: int, rng: random.Random) -> list[CopyToGive]:
        rows = GOLD.rows(
            project=self.project.pk,
            annotator=self.annotator.pk,
            start=start,
            asked=self.project.asked,
        )
        return [
            CopyToGive(item_id, next(iter(shown_orders(LETTERS[:images], overlap=1, rng=rng))))
            for item_id, images in rng.sample(rows, min(most, len(rows)))
        ]

    def _repeats(self, most: int, start: int, rng: random.Random) -> list[CopyToGive]:
        if not AHEAD.rows(project=self.project.pk, start=start):
            return []
        repeated = Assignment.objects.filter(
            annotator=self.annotator, item__source=OuterRef("item")
        )
        rows = Annotation.objects.filter(
            annotator=self.annotator, assignment__project=self.project, current=True, counted=True
        )
        earlier = rows.order_by("-submitted_at")[
            self.rule.distance : self.rule.distance + DRAWN_FROM
        ].values("pk")
        chosen = list(
            Annotation.objects.filter(
                ~Exists(repeated),
                pk__in=earlier,
                item__source=None,
                item__excluded_at=None,
                item__asked=None,
            ).order_by("pk")
        )
        chosen = rng.sample(chosen, min(most, len(chosen)))
        items = Item.objects.in_bulk([row.item_id for row in chosen])
        return [
            CopyToGive(self.copy_of(items[row.item_id]).pk, row.shown_order[::-1]) for row in chosen
        ]
