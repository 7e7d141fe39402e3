"""What a format is given to write: some of the items, and every way to write them down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from annotator.exports.facts import Facts
from annotator.exports.images import IMAGES, PNG, Pool, Size, encoded, stored_bytes
from annotator.exports.outputs import Album, Bundle, Cells, Outputs, Records, Rows, Table
from annotator.exports.rows import ExportedImage, ItemRow
from annotator.exports.splits import Splitter
from annotator.questions.types import QuestionSpec


@dataclass(frozen=True, slots=True)
class Shard:
    """Number `index` of `of`: a function of the export's spool and of the stored images.

    `items` can be gone through once; they are already those that were asked for (settled or
    partial ones, of the chosen batches). No database is behind it, so a shard can be built
    anywhere and again, and has the same bytes each time.
    """

    facts: Facts
    index: int
    of: int
    items: Iterable[ItemRow]
    outputs: Outputs
    splitter: Splitter
    pool: Pool
    encoding: str = PNG

    @property
    def questions(self) -> tuple[QuestionSpec, ...]:
        """The project's."""
        return self.facts.questions

    def split_of(self, prompt: str) -> str:
        """One of "train", "valid" and "test", by the options `split` and `seed`."""
        return self.splitter.split_of(prompt)

    def annotator(self, user_id: int) -> str:
        """An annotator's pseudonym."""
        return self.facts.annotator(user_id)

    def reviewer(self, user_id: int) -> str:
        """A reviewer's pseudonym."""
        return self.facts.reviewer(user_id)

    def image(
        self,
        image: ExportedImage,
        encoding: str | None = None,
        size: Size | None = None,
        folder: str = IMAGES,
    ) -> str:
        """Copies or encodes the image into the folder, once an export; its name there.

        Without `encoding` as the option of that name says. Raises Conflict when storage has lost
        or changed it.
        """
        return self.pool.add(image, encoding or self.encoding, size, folder)

    def image_bytes(
        self, image: ExportedImage, encoding: str | None = None, size: Size | None = None
    ) -> bytes:
        """The same image's bytes, for what is written into a row or a tar."""
        png = stored_bytes(self.facts.project, image.sha256)
        return encoded(png, encoding or self.encoding, size)

    def lines(self, name: str) -> Rows:
        """JSON lines, joined over the shards. The same name gives the same output, here as below.

        An output that shall be there even if it is empty has to be opened in every shard.
        """
        return self.outputs.lines(name)

    def list(self, name: str, under: str = "") -> Rows:
        """One JSON list over all shards, an element a line; `under` a key: {"key": [list]}."""
        return self.outputs.list(name, under)

    def csv(self, name: str, header: Sequence[str]) -> Cells:
        """CSV (RFC 4180, UTF-8), its header once, formula cells neutralised."""
        return self.outputs.csv(name, header)

    def records(self, name: str) -> Records:
        """TFRecord framing of the bytes that it is given, joined over the shards."""
        return self.outputs.records(name)

    def parquet(self, stem: str, schema: pa.Schema) -> Table:
        """stem-00000-of-00012.parquet, one a shard that has rows."""
        return self.outputs.parquet(stem, schema)

    def tar(self, stem: str) -> Bundle:
        """stem-00000-of-00012.tar, one a shard that has files."""
        return self.outputs.tar(stem)

    def zip(self, stem: str) -> Bundle:
        """stem-00000-of-00012.zip, one a shard that has files."""
        return self.outputs.zip(stem)

    def table(self, name: str, schema: pa.Schema) -> Table:
        """One parquet file of exactly this name over all shards: for small tables."""
        return self.outputs.table(name, schema)

    def album(self, name: str, listing: str) -> Album:
        """One zip over all shards, its rows as one JSON list in its member `listing`.

        Like the other joined outputs it has to be opened in every shard if it shall always be.
        """
        return self.outputs.album(name, listing)

    def file(self, name: str, data: bytes) -> None:
        """A file by itself, whose name no other shard uses."""
        self.outputs.file(name, data)
