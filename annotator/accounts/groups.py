"""What the groups of an OpenID provider give here: entry, roles in projects, or leading.

OIDC_GROUPS, one after the other with semicolons: `GROUP=lead`, `GROUP=person` (gets in, and has no
role by it) or `GROUP=ROLE@PROJECT`, the project by the number in its address.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from annotator.accounts.models import Role

LEAD, PERSON = "lead", "person"


@dataclass(frozen=True, slots=True)
class GroupRole:
    """A role in a project."""

    project_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class GroupGift:
    """What one group gives: leading, a role, or (neither) entry alone."""

    group: str
    lead: bool = False
    role: GroupRole | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody's groups give together."""

    admitted: bool
    lead: bool
    roles: frozenset[GroupRole]


def gifts_of(text: str) -> tuple[GroupGift, ...]:
    """The setting, read; ImproperlyConfigured names the part that can't be."""
    return tuple(_gift(part.strip()) for part in text.split(";") if part.strip())


def _gift(part: str) -> GroupGift:
    group, _, gives = (side.strip() for side in part.rpartition("="))
    if group and gives in {LEAD, PERSON}:
        return GroupGift(group, lead=gives == LEAD)
    role, _, project = gives.partition("@")
    if not group or role not in Role.values or not project.isdecimal():
        raise ImproperlyConfigured(
            f"OIDC_GROUPS: {part!r} is none of GROUP=lead, GROUP=person, GROUP=ROLE@PROJECT "
            f"(a role is one of {', '.join(Role.values)}; a project, its number)."
        )
    return GroupGift(group, role=GroupRole(int(project), Role(role)))


def given_by(groups: Collection[str]) -> Given:
    """What these groups give. Where none is named in the setting, everybody is admitted."""
    gifts = gifts_of(settings.OIDC_GROUPS)
    mine = [gift for gift in gifts if gift.group in groups]
    return Given(
        admitted=bool(mine) or not gifts,
        lead=any(gift.lead for gift in mine),
        roles=frozenset(gift.role for gift in mine if gift.role is not None),
    )
