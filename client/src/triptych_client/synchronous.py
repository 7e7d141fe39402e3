"""A site and its projects, for programs that wait for each answer."""

import weakref
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx

from triptych_client import credentials, groups, moves, tables
from triptych_client.groups import Ranked
from triptych_client.items import ImageLike, NewItem, items_of
from triptych_client.moves import Json
from triptych_client.steps import Moves, T, run

if TYPE_CHECKING:
    import datasets
    import pandas as pd

TIMEOUT = httpx.Timeout(60.0, connect=10.0)


class Triptych:
    """A site, called by a token. Without `url` and `token`: those of the environment or login."""

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        known = credentials.found(url, token)
        self.url = known.url
        self._client = httpx.Client(
            base_url=known.url, headers={"Authorization": f"Bearer {known.token}"}, timeout=TIMEOUT
        )
        # Who forgets to close it leaves no connection open.
        self._finalizer = weakref.finalize(self, self._client.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Lets the connections go."""
        self._client.close()

    def run(self, steps: Moves[T]) -> T:
        """Does one of `moves`."""
        return run(self._client, steps)

    def get(self, path: str, **params: str) -> Any:
        """What the site answers to GET /api/v1… that this class has no name for."""
        return self.run(moves.get(path, **params))

    def token(self) -> Json:
        """What the token opens: its scope, its project, until when, in whose name."""
        found: Json = self.get("/tokens/present")
        return found

    def projects(self) -> list[Json]:
        """Your projects (a token of one project can't list them)."""
        found: list[Json] = self.get("/projects")
        return found

    def project(self, named: int | str) -> "Project":
        """A project by its number or its name."""
        found = self.run(moves.find_project(named))
        return Project(self, found["id"], found["name"])


class Project:
    """One project of a site."""

    def __init__(self, site: Triptych, project_id: int, name: str) -> None:
        self.site = site
        self.id = project_id
        self.name = name
        self.reports = Reports(self)

    def push(
        self,
        images: Any,
        prompt: str | Sequence[str] = "",
        generator: str | Sequence[str] = "",
        meta: Any = None,
        *,
        name: str = "",
        pairs: str = "",
        step: int | None = None,
    ) -> Json:
        """Puts images to people as a batch, and returns it; see `items.items_of` for the forms.

        `images`: files, bytes or Pillow's images. `pairs`: all, ring or random:K of the images of
        each prompt. `step`: of the training run that made them. Sent twice it is the same batch;
        items that are there already are not taken.
        """
        return self.push_items(
            items_of(images, prompt, generator, meta), name=name, pairs=pairs, step=step
        )

    def push_items(
        self, items: Sequence[NewItem], *, name: str = "", pairs: str = "", step: int | None = None
    ) -> Json:
        """The same, of items that are written out."""
        return self.site.run(moves.push(self.id, items, name=name, pairs=pairs, step=step))

    def push_path(
        self, path: Path | str, *, name: str = "", pairs: str = "", step: int | None = None
    ) -> Json:
        """Uploads a folder with a manifest, a zip of one, or a manifest by itself."""
        return self.site.run(
            moves.push_path(self.id, Path(path), name=name, pairs=pairs, step=step)
        )

    def wait_for_batch(self, batch: Json | int, *, timeout: float | None = None) -> Json:
        """Until an upload is taken in. BatchFailed; TooLate after `timeout` seconds."""
        number = batch if isinstance(batch, int) else batch["id"]
        return self.site.run(moves.wait_for_batch(number, timeout=timeout))

    def wait(self, *, timeout: float | None = None) -> Json:
        """Until people have settled every item. TooLate after `timeout` seconds."""
        return self.site.run(moves.wait_for_people(self.id, timeout=timeout))

    def rank(
        self,
        images: Sequence[ImageLike],
        prompt: str = "",
        *,
        ttl: float = 600,
        least: int | None = None,
        most: int | None = None,
        step: int | None = None,
        names: Sequence[str] = (),
        question: str = "",
        key: str = "",
    ) -> Ranked:
        """Has people rank 2 to 9 candidates of a prompt, and waits `ttl` seconds for them at most.

        It ends with `most` answers to each item (the project's own number); when time is up with
        what there is, which is then partial. `step`: the training loop's. `names`: of each image
        its generator. `key`: the same in a run that starts again, which then asks nobody twice.
        """
        moves_of_it = groups.rank(
            self.id, images, prompt, ttl=ttl, least=least, most=most, step=step, names=names,
            key=key,
        )  # fmt: skip
        return groups.ranked(self.site.run(moves_of_it), question)

    def measure(self, *metrics: str) -> int:
        """Asks for metrics (those that the project has chosen); of how many images some are new."""
        return self.site.run(moves.measure(self.id, metrics))

    def pull_folder(
        self,
        form: str,
        folder: Path | str = ".",
        **options: Any,
    ) -> Path:
        """Has an export made and unpacks it below `folder`; where it lies."""
        return self.site.run(moves.pull(self.id, form, options, Path(folder)))

    def pull(
        self,
        form: str,
        folder: Path | str = ".",
        *,
        part: str = "train",
        **options: Any,
    ) -> "datasets.Dataset":
        """An export's rows as a datasets.Dataset: of the split `part`, or of "all".

        `options` are the format's own (the site's page of exports shows them).
        """
        tables.package("datasets")
        return tables.dataset_of(self.pull_folder(form, folder, **options), part)

    def pull_frame(
        self,
        form: str,
        folder: Path | str = ".",
        *,
        part: str = "train",
        **options: Any,
    ) -> "pd.DataFrame":
        """The same as a pandas DataFrame."""
        tables.package("pandas")
        return tables.frame_of(self.pull_folder(form, folder, **options), part)


class Reports:
    """What a project's pages show, as numbers."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def get(self, name: str, **params: str) -> Json:
        """A report by its address; waits for the worker that computes it."""
        return self._project.site.run(moves.report(self._project.id, name, **params))

    def progress(self) -> Json:
        """How far it is."""
        return self.get("progress")

    def agreement(self) -> Json:
        """Krippendorff's alpha of each question."""
        return self.get("agreement")

    def leaderboard(self, by: str = "") -> Json:
        """Whose images are preferred; `by`: image:step, item:category …"""
        return self.get("leaderboard", by=by)

    def annotators(self) -> Json:
        """Who has done what."""
        return self.get("annotators")

    def metrics(self, **params: str) -> Json:
        """How metrics agree with people."""
        return self.get("metrics", **params)
