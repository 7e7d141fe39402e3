"""All formats by name. A new one is one more file and one more line."""

from collections.abc import Mapping

from annotator.core.errors import Invalid
from annotator.exports.formats.annotations import ANNOTATIONS
from annotator.exports.formats.heatmaps import HEATMAPS
from annotator.exports.formats.preferences import PREFERENCES
from annotator.exports.formats.types import Format

FORMATS: Mapping[str, Format] = {form.name: form for form in (ANNOTATIONS, PREFERENCES, HEATMAPS)}


def format_named(name: str) -> Format:
    """The format; Invalid, naming those that exist, for another name."""
    if name not in FORMATS:
        reason = f"there is no format “{name}”; there are: {', '.join(FORMATS)}."
        raise Invalid(reason, fields={"format": reason})
    return FORMATS[name]
