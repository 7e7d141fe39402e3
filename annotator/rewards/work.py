"""What a worker does for a reward model: waits for features, reads the votes, fits and judges."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from django.db import transaction

from annotator.core import clock
from annotator.core.errors import TriptychError
from annotator.core.plain import plain
from annotator.core.reasons import Code, Reason, as_json
from annotator.exports.aggregate.pairs import votes_of_people
from annotator.exports.aggregate.votes import Questions
from annotator.exports.building import facts_of, must_hold_something, selection_of
from annotator.exports.describing import qc_of
from annotator.exports.formats.format import check_options
from annotator.exports.formats.preferences import PREFERENCES
from annotator.exports.read.items import ExportedImage, ExportedItem
from annotator.exports.read.snapshot import snapshot
from annotator.exports.read.source import source_of, specs_of
from annotator.exports.store.outputs import Output
from annotator.exports.store.rows import ExportRow
from annotator.exports.writing import write_shard
from annotator.items.models import Image
from annotator.jobs import Held
from annotator.measurements import learnt
from annotator.measurements.learnt import NewMetric
from annotator.measurements.measuring import engine
from annotator.measurements.models import Feature
from annotator.measurements.sets import features_left
from annotator.projects.models import Project
from annotator.rewards import files
from annotator.rewards.models import HeadStage, RewardHead
from annotator.rewards.ratings import ratings_in
from annotator.rewards.selectors import RewardReport
from scoring.arrays import Floats
from scoring.catalog import REWARD
from scoring.reasons import Refusal
from scoring.rewards import folder
from scoring.rewards.ratings import RatingRow
from scoring.rewards.report import MORE_VOTES
from scoring.rewards.training import (
    FEWEST_PROMPTS,
    METRICS,
    Dimensions,
    Row,
    SeenImages,
    Trained,
    better,
    dimensions_of,
    metric_of,
    train,
)

# Between two looks at how far the features have come.
FEATURES_SECONDS = 5
# The parts of a row that training reads.
READ = ("prompt", "dimension", "votes", "pair", "letters", "item", "generators", "meta")
IMAGES_AT_ONCE = 2000


class Votes:
    """A sink of an export's rows: pairs whose images are called by their ids, and these images.

    Beside them the ratings of the items that pass by on their way to the export.

    `qc`: what the export's manifest would say of their batches.
    """

    def __init__(self, questions: Questions) -> None:
        self.questions = {question.key: question for question in questions}
        self.rows: list[Row] = []
        self.ratings: list[RatingRow] = []
        self.measured: dict[str, Mapping[str, float]] = {}
        self.qc: folder.Qc = {}

    def begin(self, output: Output) -> None:
        """See Sink, here as below."""

    def write(self, row: ExportRow) -> None:
        """Keeps what training reads of it."""
        images = {figure.name: figure.image for figure in row.figures}
        ids = {end: one.id for end, one in images.items()}
        people = votes_of_people(
            row.items[0], self.questions[row.value["dimension"]], *row.value["pair"]
        )
        self.rows.append({name: row.value[name] for name in READ} | ids | {"people": people})
        for image in images.values():
            self.measured[image.id] = _measured(image)

    def rated(self, items: Iterable[ExportedItem], questions: Questions) -> Iterator[ExportedItem]:
        """The items as they come, their ratings kept."""
        for item in items:
            for row, image in ratings_in(item, questions):
                self.ratings.append(row)
                self.measured[image.id] = _measured(image)
            yield item


def _measured(image: ExportedImage) -> dict[str, float]:
    return {
        one.metric: better(one.metric, one.number)
        for one in image.measured
        if one.metric in METRICS
    }


def work(held: Held[RewardHead]) -> None:
    """Trains a reward model that is held, once the network has looked at the project's images."""
    try:
        weights = engine().provenance(metric_of(held.job.network)).weights_sha256
        if not _wait_for_features(held):
            _train(held, weights)
    except Refusal as refusal:
        _fail(held, refusal.reasons[0])
    except TriptychError as error:
        _fail(held, error.reason)


def _fail(held: Held[RewardHead], reason: Reason) -> None:
    held.fail(error=as_json(reason), finished_at=clock.now())


def _wait_for_features(held: Held[RewardHead]) -> bool:
    """Whether features are still being made; then the job waits for another look."""
    head = held.job
    left = features_left(head.project_id, head.network)
    if left:
        images = Image.objects.filter(project=head.project_id).count()
        counts = {"done_count": images - left, "total_count": images}
        held.release(seconds=FEATURES_SECONDS, attempts=0, **counts)
    return left > 0


def _train(held: Held[RewardHead], weights: str) -> None:
    head = held.job
    votes = read_votes(head.project)
    features = features_of(votes.measured, network=head.network, weights=weights)
    if votes.measured and not features:
        count = len(votes.measured)
        raise Refusal(Reason(Code.HEAD_WITHOUT_FEATURES, count=count, network=head.network))
    seen = [row for row in votes.rows if {row["chosen"], row["rejected"]} <= features.keys()]
    rated = [row for row in votes.ratings if row["image"] in features]
    dimensions = dimensions_of(seen, rated)
    trained = train(
        dimensions,
        _images(dimensions, features, votes.measured),
        network=head.network,
        advance=_Steps(held, HeadStage.FITTING, dimensions.steps).advance,
    )
    report = RewardReport(
        dimensions=trained.reports,
        ratings=trained.rated,
        few=dict(trained.few),
        least=FEWEST_PROMPTS,
        more_votes=MORE_VOTES,
        images=len(dimensions.images),
        skipped=len(votes.measured) - len(features),
    )
    _finish(held, trained, report, weights, votes.qc)


def read_votes(project: Project) -> Votes:
    """What the export `preferences` holds of a project, and the ratings of the same items.

    With metrics' values of their images.

    Raises Conflict where that is nothing.
    """
    options = check_options(PREFERENCES, specs_of(project), {})
    with snapshot():
        selection = replace(selection_of(project, PREFERENCES, options), measured=True)
        source = source_of(project, selection)
        votes = Votes(source.questions)
        must_hold_something(source)
        facts = facts_of(source)
        votes.qc = qc_of(facts)
        items = votes.rated(source.items(), source.questions)
        write_shard(PREFERENCES, options, facts, items, votes)
    return votes


def features_of(images: Iterable[str], *, network: str, weights: str) -> dict[str, Floats]:
    """Features (d,) of those of the images that a network has looked at, by their ids."""
    ids, found = list(images), {}
    for at in range(0, len(ids), IMAGES_AT_ONCE):
        some = ids[at : at + IMAGES_AT_ONCE]
        kept = Feature.objects.filter(image_id__in=some, network=network, weights=weights)
        for image_id, vector in kept.values_list("image_id", "vector"):
            found[str(image_id)] = np.frombuffer(vector, "<f4").astype(np.float64)
    return found


def _images(
    dimensions: Dimensions,
    features: Mapping[str, Floats],
    measured: Mapping[str, Mapping[str, float]],
) -> SeenImages:
    names = dimensions.images
    metrics = sorted({metric for name in names for metric in measured[name]})
    values = {
        metric: np.array([measured[name].get(metric, np.nan) for name in names])
        for metric in metrics
    }
    return SeenImages(names, np.stack([features[name] for name in names]), values)


def _metrics_of(
    head: RewardHead, trained: Trained, *, weights: str, sha256: str
) -> list[NewMetric]:
    """A metric a dimension; none where no fold had a head, for then nothing is cross-fitted."""
    return [
        NewMetric(
            metric=f"{REWARD}{name}",
            version=str(head.pk),
            sha256=sha256,
            network=head.network,
            network_weights=weights,
            linear=trained.model.linear(name),
            mean=mean,
            held_out=trained.held_out[name],
        )
        for name, mean in trained.mean.items()
    ]


class _Steps:
    """Tells how many steps are made; raises StaleState once the job was cancelled or lost."""

    def __init__(self, held: Held[RewardHead], stage: HeadStage, total: int) -> None:
        self.held, self.stage, self.total, self.done = held, stage, total, 0
        # What was noted at the stage before is not written after this.
        self.advance(0)
        held.save(stage=stage, done_count=0, total_count=total)

    def advance(self, steps: int = 1) -> None:
        self.done += steps
        self.held.note(stage=self.stage, done_count=self.done, total_count=self.total)


def _finish(
    held: Held[RewardHead], trained: Trained, report: RewardReport, weights: str, qc: folder.Qc
) -> None:
    with TemporaryDirectory() as made:
        path = Path(made) / "reward-model"
        folder.write(trained, path, qc=qc)
        data = files.zipped(path)
    sha256 = files.keep(held.job.project_id, data)
    metrics = _metrics_of(held.job, trained, weights=weights, sha256=sha256)
    images = Image.objects.filter(project=held.job.project_id, is_reference=False).count()
    steps = _Steps(held, HeadStage.MEASURING, images)
    learnt.publish(held.job.project_id, metrics, steps.advance)
    files.serve(held.job.project_id, data)
    with transaction.atomic():
        held.save()
        held.finish(
            report=plain(report), sha256=sha256, bytes=len(data), weights=weights,
            stage=HeadStage.MEASURING, done_count=images, total_count=images,
            finished_at=clock.now(),
        )  # fmt: skip
