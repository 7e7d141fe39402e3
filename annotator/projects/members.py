"""What can be done with who is in a project: invite, join, leave."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from annotator.accounts.groups import GroupRole
from annotator.accounts.models import Role, User
from annotator.accounts.selectors import digest_of
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code, Reason
from annotator.projects.models import Invitation, Membership, Project
from annotator.projects.people import invitation_of


def add_member(*, project_id: int, user: User, role: Role) -> Membership:
    """Gives a person a role in a project; NotFound; Conflict when they have it already."""
    if not Project.objects.filter(pk=project_id).exists():
        raise NotFound
    try:
        with transaction.atomic():
            return Membership.objects.create(project_id=project_id, user=user, role=role)
    except IntegrityError as error:
        raise Conflict(Reason(Code.MEMBER_ALREADY)) from error


def mark_trained(user: User, project: Project, *, now: datetime) -> None:
    """An annotator has passed the project's training; the first time stands."""
    rows = Membership.objects.filter(project=project, user=user, role=Role.ANNOTATOR)
    rows.filter(trained_at=None).update(trained_at=now)


@transaction.atomic
def remove_member(membership: Membership, *, by: User | None, now: datetime) -> None:
    """Ends a membership; Conflict when the project would be left without a manager."""
    managers = Membership.objects.filter(project_id=membership.project_id, role=Role.MANAGER)
    # Two managers who remove each other take turns: whoever comes second is the last one.
    standing = list(managers.order_by("pk").select_for_update().values_list("pk", flat=True))
    if standing == [membership.pk]:
        raise Conflict(Reason(Code.LAST_MANAGER))
    member = membership.user
    record(
        Verb.MEMBER_LEFT if by == member else Verb.MEMBER_REMOVED, by=by, now=now,
        project_id=membership.project_id, target=f"user:{member.pk}", person=member.username,
        role=membership.role,
    )  # fmt: skip
    membership.delete()


@transaction.atomic
def follow_groups(user: User, given: Collection[GroupRole]) -> list[Membership]:
    """Gives a person the roles of their groups, and takes those that groups gave and give no more.

    Returns what was taken. A role that was given by hand stays by hand. A project may be left
    without a manager: the group's next member who comes is one again.
    """
    now = clock.now()
    mine = {
        GroupRole(row.project_id, Role(row.role)): row
        for row in Membership.objects.select_related("project").filter(user=user)
    }
    named = Project.objects.filter(pk__in={one.project_id for one in given})
    there = set(named.values_list("pk", flat=True))
    new = [one for one in set(given) - mine.keys() if one.project_id in there]
    Membership.objects.bulk_create(
        (
            Membership(user=user, project_id=one.project_id, role=one.role, by_group=True)
            for one in new
        ),
        ignore_conflicts=True,  # they may come in two windows at once
    )
    taken = [row for one, row in mine.items() if row.by_group and one not in given]
    Membership.objects.filter(pk__in=[row.pk for row in taken]).delete()
    for one in new:
        record(
            Verb.MEMBER_JOINED, by=user, now=now, project_id=one.project_id,
            target=f"user:{user.pk}", person=user.username, role=one.role, by_group=True,
        )  # fmt: skip
    for row in taken:
        record(
            Verb.MEMBER_LEFT, by=user, now=now, project_id=row.project_id,
            target=f"user:{user.pk}", person=user.username, role=row.role, by_group=True,
        )  # fmt: skip
    return taken


@transaction.atomic
def invite(
    *,
    by: User,
    project: Project,
    role: Role,
    expires_in: timedelta,
    now: datetime,
    note: str = "",
) -> tuple[Invitation, str]:
    """An invitation and its secret, which is nowhere kept. `note`: whom it is for."""
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        project=project,
        role=role,
        digest=digest_of(secret),
        note=note,
        created_by=by,
        created_at=now,
        expires_at=now + expires_in,
    )
    record(
        Verb.INVITATION_MADE, by=by, now=now, project_id=project.pk,
        target=f"invitation:{invitation.pk}", role=role, note=note,
    )  # fmt: skip
    return invitation, secret


def use_invitation(secret: str, *, by: User, now: datetime) -> Invitation:
    """Marks it used: one guarded UPDATE, so of two who come at once one is refused (NotFound)."""
    invitation = invitation_of(secret, now=now)
    unused = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True, expires_at__gt=now)
    if not unused.update(used_at=now, used_by=by):
        raise NotFound
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User | None = None) -> None:
    """Takes an unused invitation back; Conflict when somebody has used it already."""
    deleted, _ = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).delete()
    if not deleted:
        raise Conflict(Reason(Code.INVITATION_USED))
    record(
        Verb.INVITATION_REVOKED, by=by, now=clock.now(), project_id=invitation.project_id,
        target=f"invitation:{invitation.pk}", role=invitation.role,
    )  # fmt: skip


def revoke_invitations_by(user: User) -> None:
    """Takes back what somebody has invited to and nobody has used."""
    Invitation.objects.filter(created_by=user, used_at__isnull=True).delete()
