"""By what came with items or images numbers are told apart: generator × step, prompt category."""

from collections.abc import Sized
from dataclasses import dataclass

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason
from annotator.items.models import MetaOf
from annotator.items.selectors import meta_keys
from annotator.projects.models import Project

MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class Grouping:
    """One key of what came with images: it parts generators; or with items: it parts boards."""

    of: MetaOf
    key: str

    @property
    def name(self) -> str:
        """As it is asked for: "image:step", "item:category"."""
        return f"{self.of}:{self.key}"

    def label(self, generator: str, value: str | None) -> str:
        """A generator at one value of the key: "painter · step 1000"."""
        return " · ".join(filter(None, (generator, f"{self.key} {value}" if value else "")))


def grouping_of(project: Project, by: str) -> Grouping | None:
    """What `by` asks for; None for "". Raises Invalid, which lists those there are (1 query)."""
    if not by:
        return None
    there_are = [Grouping(of, key) for of, keys in meta_keys(project).items() for key in keys]
    for grouping in there_are:
        if grouping.name == by:
            return grouping
    names = tuple(grouping.name for grouping in there_are)
    raise Invalid(fields={"by": Reason(Code.UNKNOWN_GROUPING, by=by[:100], there_are=names)})


def of_images(project: Project, by: str) -> Grouping | None:
    """The same, of keys of images alone."""
    found = grouping_of(project, by)
    if found is None or found.of is MetaOf.IMAGE:
        return found
    names = tuple(f"{MetaOf.IMAGE}:{key}" for key in meta_keys(project)[MetaOf.IMAGE])
    raise Invalid(fields={"by": Reason(Code.UNKNOWN_GROUPING, by=by[:100], there_are=names)})


def too_many(grouping: Grouping | None, groups: Sized) -> Reason | None:
    """Why these can't be told apart: a seed, say, is another for each image."""
    if grouping is None or len(groups) <= MOST_GROUPS:
        return None
    return Reason(Code.TOO_MANY_GROUPS, key=grouping.key, count=len(groups), max=MOST_GROUPS)
