"""Progress bars, on terminals alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn


class Bar:
    """How far something is."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def set(self, done: int, *, total: int | None = None) -> None:
        """So far, of so much."""
        self._progress.update(self._task, completed=done, total=total)

    def advance(self, by: int) -> None:
        """So much further."""
        self._progress.advance(self._task, by)


@contextmanager
def bar(label: str, total: int, *, done: int = 0) -> Iterator[Bar]:
    """A bar on standard error until the block ends."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    hidden = not console.is_terminal
    with Progress(*columns, console=console, disable=hidden, transient=True) as progress:
        yield Bar(progress, progress.add_task(label, total=total or None, completed=done))
