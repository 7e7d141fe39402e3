"""What `verify` finds broken."""

from django.utils import timezone

from annotator.audit.catalog import INVARIANTS
from annotator.audit.scope import Scope, check
from annotator.projects.models import Project


def broken(project: Project | None = None) -> set[str]:
    """The names of the promises that are broken, in a project or anywhere."""
    scope = Scope(timezone.now(), project.pk if project else None)
    return {one.name for one in INVARIANTS if check(one, scope).violations}


def broken_but_files() -> set[str]:
    """The same where the factories made rows of images without files."""
    scope = Scope(timezone.now())
    promises = [one for one in INVARIANTS if not one.name.startswith("images-")]
    return {one.name for one in promises if check(one, scope).violations}
