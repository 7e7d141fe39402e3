"""Of which project a row is, by what addresses call it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from annotator.assignments.models import Assignment
from annotator.exports.models import Export
from annotator.groups.models import CandidateGroup
from annotator.guidelines.models import GuidelineImage
from annotator.items.models import Image, Item
from annotator.measurements.models import Reference, SetMeasurement
from annotator.projects.models import Batch, Membership, Removal
from annotator.reviews.models import Review
from annotator.rewards.models import RewardHead
from annotator.webhooks.models import Webhook

# What an address names → the rows that say of which project it is.
ROWS: Mapping[str, type[Model]] = {
    "assignment_id": Assignment,
    "batch_id": Batch,
    "export_id": Export,
    "group_id": CandidateGroup,
    "guideline_image_id": GuidelineImage,
    "image_id": Image,
    "item_id": Item,
    "membership_id": Membership,
    "reference_id": Reference,
    "removal_id": Removal,
    "review_id": Review,
    "reward_head_id": RewardHead,
    "set_id": SetMeasurement,
    "webhook_id": Webhook,
}


def project_of_row(name: str, pk: Any) -> int | None:
    """The project of the row that an address names so; None where there is none (1 query)."""
    rows = ROWS[name]._default_manager.filter(pk=pk)
    found: int | None = rows.values_list("project_id", flat=True).first()
    return found
