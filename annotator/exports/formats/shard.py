"""What a format is given: some of an export's items, and what is known of all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from annotator.exports.formats.options import Options
from annotator.exports.read.draws import Splitter
from annotator.exports.read.facts import Facts
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.store.images import IMAGES, PNG, Size, encoded, image_name, stored_bytes
from annotator.exports.store.rows import Copy
from annotator.questions.types import QuestionSpec


@dataclass(frozen=True)
class Shard:
    """A part of an export: a function of its spool and of the stored images.

    `items` can be gone through again and again; they are already those that were asked for. No
    database is behind it, so a shard can be built anywhere and again, and has the same bytes each
    time. `asked`: the questions that rows are of.
    """

    facts: Facts
    options: Options
    items: Iterable[ExportedItem]
    asked: tuple[QuestionSpec, ...]
    splitter: Splitter

    @property
    def questions(self) -> tuple[QuestionSpec, ...]:
        """The project's."""
        return self.facts.questions

    @cached_property
    def encoding(self) -> str:
        """Of the images."""
        return self.options.text("encoding", PNG)

    @cached_property
    def _with_images(self) -> bool:
        return self.options.wants("images")

    def split_of(self, prompt: str) -> str:
        """One of "train", "valid" and "test", by the options `split` and `seed`."""
        return self.splitter.split_of(prompt)

    def name_of(self, image: ExportedImage, folder: str = IMAGES) -> str:
        """The image's name within the export, whether it is copied or not."""
        return image_name(image.sha256, self.encoding, folder)

    def copies(self, *images: ExportedImage, folder: str = IMAGES) -> tuple[Copy, ...]:
        """Images that are to lie beside the rows, if they were asked for."""
        if not self._with_images:
            return ()
        return self.needed(*images, folder=folder)

    def needed(self, *images: ExportedImage, folder: str = IMAGES) -> tuple[Copy, ...]:
        """Images that lie beside the rows whether or not they were asked for."""
        return tuple(Copy(image, self.encoding, folder) for image in images)

    def image_bytes(
        self, image: ExportedImage, encoding: str | None = None, size: Size | None = None
    ) -> bytes:
        """An image as it is written into a row or a tar.

        Raises Conflict when storage has lost or changed it.
        """
        stored = stored_bytes(self.facts.project, image.sha256, image.suffix)
        return encoded(stored, encoding or self.encoding, size)

    def inside(self, images: Sequence[ExportedImage]) -> list[Any]:
        """Images as a row of a table holds them, as `datasets` decodes them; else their names."""
        if not self.options.wants("images"):
            return [self.name_of(image) for image in images]
        return [{"bytes": self.image_bytes(image), "path": self.name_of(image)} for image in images]
