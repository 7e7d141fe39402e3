"""Whether an export will fit on the disk, before it is begun."""

import shutil

from django.conf import settings
from django.db.models import Count, Sum

from annotator.core.errors import Conflict
from annotator.core.reasons import Code, Reason
from annotator.exports.formats.format import Format
from annotator.exports.formats.options import Options
from annotator.exports.read.source import ExportSource
from annotator.exports.selectors import root
from annotator.items.models import ItemImage

# An item in the spool, its rows in the shards and once more in the folder: generously.
ROW_BYTES = 4096


def bytes_needed(source: ExportSource, form: Format, options: Options) -> int:
    """About how much an export will write, rather too much than too little (1 or 2 queries).

    Images that are written into rows count for each place in which they stand.
    """
    needed = source.count() * ROW_BYTES
    copies = options.wants("images") + form.inside
    map_bytes = form.bytes_an_image(options, source.questions)
    if copies or map_bytes:
        places = ItemImage.in_any_role.filter(item__in=source.selected()).aggregate(
            count=Count("pk"), bytes=Sum("image__bytes", default=0)
        )
        needed += places["bytes"] * copies + places["count"] * map_bytes
    return needed


def check_free_space(source: ExportSource, form: Format, options: Options) -> None:
    """Raises Conflict where the disk would be left with less than it has to keep."""
    folder = root()
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    needed = bytes_needed(source, form, options)
    if needed + settings.MIN_FREE_BYTES > free:
        sizes = {"needed": needed, "free": free, "kept": settings.MIN_FREE_BYTES}
        shown = {name: _size(count) for name, count in sizes.items()}
        raise Conflict(Reason(Code.NO_FREE_SPACE, **shown))


def _size(count: int) -> str:
    for unit, size in (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
