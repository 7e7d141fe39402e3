"""An upload, opened: its manifest's rows from the start, and a first look at all of them."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import IO

from django.conf import settings

from annotator.core.reasons import Code, Reason
from annotator.ingest.datasets.layout import Dataset, UploadedFiles
from annotator.ingest.datasets.table import recognised
from annotator.ingest.manifest import Row, Rules, read_manifest, rows_of_files, understood
from annotator.ingest.names import shown
from annotator.ingest.recording import files_of
from annotator.ingest.refusals import Refusal, UploadRefused
from annotator.ingest.rows import row_count
from annotator.ingest.sources import MAX_MANIFEST_BYTES, Source, kind_of

EXAMPLES = 5
MOST_UNHEARD = 20
IMAGES = (".png", ".jpg", ".jpeg", ".webp")

_CALLED_SO = re.compile(r"(?:[^/]+/)?manifest\.[a-z0-9.]+", re.IGNORECASE)

Entry = Row | Refusal


@dataclass
class OpenUpload:
    """An open source, its manifest (a copy that can be read twice), and what the project takes."""

    source: Source
    manifest: str
    rules: Rules
    layout: str = field(default="", init=False)
    _dataset: Dataset | None = field(default=None, init=False)
    _copy: IO[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Recognises a published dataset by its files. Raises UploadRefused for none."""
        self._files = UploadedFiles(self.source)
        try:
            self._recognise()
        except BaseException:
            self.close()
            raise

    def _recognise(self) -> None:
        if (found := recognised(self._files, self.manifest)) is not None:
            layout, self._dataset = found
            self.layout = layout.name
            self.rules = replace(self.rules, source=layout.name)
        elif not self.manifest:
            if other := _other_manifest(self.source):
                raise UploadRefused(Reason(Code.MANIFEST_OF_OTHER_KIND, name=shown(other, 60)))
            if self.source.names and not _images(self.source.names):
                raise UploadRefused(Reason(Code.DATASET_UNKNOWN))

    @property
    def base(self) -> str:
        """The manifest's folder: its names are relative to it."""
        folder = self.manifest.rpartition("/")[0]
        return f"{folder}/" if folder else ""

    def entries(self) -> Iterator[Entry]:
        """The manifest's or dataset's rows, or without one a row for each image; from the start."""
        if self._dataset is not None:
            return understood(self._dataset.rows(), self.rules)
        if not self.manifest:
            return rows_of_files(self.source.names, self.rules)
        return read_manifest(self._from_its_start(), kind_of(self.manifest), self.rules)

    def row_count(self) -> int:
        """How many rows the manifest has, to a few; of a dataset it is not told before."""
        if self._dataset is not None:
            return 0
        return row_count(self._from_its_start(), kind_of(self.manifest))

    def _from_its_start(self) -> IO[bytes]:
        if self._copy is None:
            self._copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the upload
            self.source.copy(self.manifest, self._copy, MAX_MANIFEST_BYTES)
        self._copy.seek(0)
        return self._copy

    def close(self) -> None:
        """Lets go of the source and the copy."""
        self._files.close()
        self.source.close()
        if self._copy is not None:
            self._copy.close()

    def called(self, name: str) -> str:
        """Which of the source's files it is that the manifest calls so."""
        return self.source.called(self.base + name)

    def read(self, name: str) -> bytes:
        """An image that the manifest names."""
        if self._dataset is not None:
            return self._dataset.read(name, settings.IMAGE_MAX_BYTES)
        return self.source.read(self.base + name, settings.IMAGE_MAX_BYTES)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at all rows finds: how many there are, how many votes, and what is idle."""

    rows: int
    votes: int
    refusals: list[Refusal]


def survey(upload: OpenUpload) -> Survey:
    """Reads the manifest once, and says which files no row names and which votes nobody asks."""
    idle = {name for name in upload.source.names if name != upload.manifest}
    rows, votes, single = 0, 0, False
    unheard: Counter[str] = Counter()
    for entry in upload.entries():
        rows += 1
        if isinstance(entry, Row):
            single |= entry.single
            votes += sum(vote.count for vote in entry.votes)
            unheard.update(entry.unheard)
            idle.difference_update(upload.called(file) for file in files_of(entry))
        elif entry.file:
            idle.discard(upload.called(entry.file))
    if not rows:
        code = Code.MANIFEST_NO_ROWS if upload.manifest else Code.UPLOAD_NO_IMAGES
        raise UploadRefused(Reason(code))
    if not single:
        # Its items are made already: the rule for pairs has nothing to say.
        upload.rules = replace(upload.rules, pairs=None)
    refusals = [
        Refusal(None, "", Reason(Code.VOTES_NOT_ASKED, question=shown(name, 60), count=count))
        for name, count in sorted(unheard.items())[:MOST_UNHEARD]
    ]
    if not idle or not upload.manifest or upload.layout:
        return Survey(rows, votes, refusals)
    guessed = [name for name in idle if upload.source.is_guessed(name)]
    refusals.append(Refusal(None, "", _not_named(idle)))
    if guessed:
        refusals.append(Refusal(None, "", Reason(Code.ZIP_NAMES_GUESSED, count=len(guessed))))
    return Survey(rows, votes, refusals)


def _other_manifest(source: Source) -> str:
    """A file that is called a manifest and is read as none: its images would have no prompts."""
    names = (*source.names, *(refusal.file for refusal in source.refusals))
    return next((name for name in names if _CALLED_SO.fullmatch(name)), "")


def _images(names: Sequence[str]) -> bool:
    return any(name.lower().endswith(IMAGES) for name in names)


def _not_named(idle: set[str]) -> Reason:
    names = tuple(shown(name, 60) for name in sorted(idle)[:EXAMPLES])
    more = len(idle) - len(names)
    if more:
        return Reason(Code.FILES_NOT_NAMED_AND_MORE, names=names, count=more)
    return Reason(Code.FILES_NOT_NAMED, names=names)
