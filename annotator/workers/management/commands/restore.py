"""`manage.py restore DIR`: a site put back from its backup, and verified."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from annotator.core import clock, places
from annotator.core.commands import SiteCommand
from annotator.core.places import Files
from annotator.exports.expiry import forget_lost_files
from annotator.ops import heartbeat, restore
from annotator.ops.kept import STORAGE_ERRORS, BackupError, Manifest, words_of
from annotator.projects import batches
from annotator.workers.sweep import sweep


class Command(SiteCommand):
    help = (
        "Puts a backup back: checks every hash first, then files and database, then verifies. Stop "
        "the site's processes before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what `manage.py backup` made")
        parser.add_argument("--check", action="store_true", help="only reads the backup through")
        parser.add_argument(
            "--replace", action="store_true", help="also where the site holds data: it is lost"
        )
        parser.add_argument(
            "--confirm", default="", metavar="NAME",
            help="with --replace: the database's name, where nobody can be asked for it",
        )  # fmt: skip

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = restore.check(folder, self.stdout.write)
            if options["check"]:
                self.stdout.write(f"{folder} is whole, as of {manifest.at}.")
                return
            restore.refuse_unfit(manifest)
            restore.refuse_at_work()
            self._refuse_to_lose(manifest, **options)
            done = restore.put_back(folder, manifest, self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except STORAGE_ERRORS as error:
            raise CommandError(
                f"{words_of(error)}. The same command, with --replace, begins anew."
            ) from error
        batches.bring_here(places.here(Files.UPLOADS))
        lost = forget_lost_files(clock.now())
        # Leases have run out since the backup: one round puts the queue right.
        sweep()
        heartbeat.forget()
        self.stdout.write(
            f"Restored {sum(manifest.counts.values()):,} rows as of {manifest.at}; "
            f"{done.written:,} files written, {done.removed:,} others removed; "
            f"{lost:,} exports expired, whose files were not in the backup."
        )
        self._name_weights(manifest)
        self.stdout.write("Verifying …")
        call_command("verify", stdout=self.stdout)

    def _refuse_to_lose(
        self, manifest: Manifest, *, replace: bool, confirm: str, **_options: Any
    ) -> None:
        held = restore.what_would_be_lost(manifest)
        if not held:
            return
        if not replace:
            raise CommandError(
                f"This site is not empty: {held}. --replace removes that for good and puts the "
                "backup in its place."
            )
        word = restore.site_word()
        if not confirm and sys.stdin.isatty():
            confirm = input(f"This site is not empty: {held}. To lose it, type {word}: ")
        if confirm != word:
            raise CommandError(
                f"This site is not empty: {held}. To replace it, add --confirm {word} "
                "(the name of its database). Nothing was changed."
            )

    def _name_weights(self, manifest: Manifest) -> None:
        if manifest.weights:
            names = ", ".join(sorted(file.name for file in manifest.weights))
            self.stdout.write(
                "Weights are not in a backup; `manage.py weights` says which are missing here. "
                f"The site had: {names}."
            )
