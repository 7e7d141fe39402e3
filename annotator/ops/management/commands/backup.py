"""`manage.py backup DIR`: everything that a site can't be made of anew, in one folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from annotator.core.commands import SiteCommand
from annotator.ops.backup import back_up
from annotator.ops.kept import STORAGE_ERRORS, BackupError, words_of


class Command(SiteCommand):
    help = (
        "Copies the database, stored files and unfinished uploads into a folder while people work; "
        "into one that holds a backup already, only what is new."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="written as FOLDER.part, renamed at the end")
        parser.add_argument(
            "--exports", action="store_true", help="finished exports too; else they are made anew"
        )

    def handle(self, *_args: Any, folder: Path, exports: bool, **_options: Any) -> None:
        try:
            made = back_up(folder, with_exports=exports, say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except STORAGE_ERRORS as error:
            raise CommandError(
                f"{words_of(error)}. What was written stays in {folder}.part; the same command "
                "goes on with it."
            ) from error
        files = made.manifest.files
        size = sum(file.bytes for file in files.values()) / 1024**2
        self.stdout.write(
            f"{folder} is whole: {len(files):,} files, {size:,.1f} MiB ({made.copied:,} copied "
            f"now), {sum(made.manifest.counts.values()):,} rows as of {made.manifest.at}."
        )
