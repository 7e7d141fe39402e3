"""How a project mixes gold in: read once by each process, and kept as its questions are."""

from functools import lru_cache

from annotator.gold.models import GoldRule
from annotator.projects.models import Project

MOST_KEPT = 200


def rule_of(project: Project) -> GoldRule:
    """The rule of a project whose row was read in this request (1 query or none).

    The project's version moves with its rule: see projects.asked.
    """
    return _kept(project.pk, project.seed, project.version)


# The seed is the project's own for ever; its number may come again in a database put back.
@lru_cache(MOST_KEPT)
def _kept(project_id: int, seed: str, version: int) -> GoldRule:
    return stored_rule(project_id)


def stored_rule(project_id: int) -> GoldRule:
    """The rule as it is stored; one that does nothing where there is none (1 query)."""
    found = GoldRule.objects.filter(project=project_id).first()
    return found or GoldRule(project_id=project_id)
