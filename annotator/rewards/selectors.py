"""What can be asked of reward models: how far one is, how good, what there is to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Sum

from annotator.accounts.models import Role, User
from annotator.consensus.models import Consensus, Finding
from annotator.core.errors import Conflict, NotFound
from annotator.core.reasons import Code, Reason, from_json
from annotator.exports.aggregate.votes import comparing
from annotator.exports.read.source import specs_of
from annotator.items.models import LETTERS
from annotator.measurements.choices import weights_of_network
from annotator.projects.models import Project
from annotator.projects.people import Person, person_of
from annotator.projects.selectors import project_for
from annotator.questions.kinds import KINDS
from annotator.questions.types import QuestionSpec
from annotator.rewards.models import HeadStage, HeadState, RewardHead
from annotator.rewards.ratings import rating
from scoring.reasons import Code as ScoringCode
from scoring.rewards.rated import RatedReport
from scoring.rewards.training import DEFAULT, FEWEST_PROMPTS, NETWORKS, DimensionReport
from scoring.weights.files import REGISTRY, look


@dataclass(frozen=True, slots=True)
class HeadProgress:
    """How far it is: images that the network has looked at, then fits, of all."""

    stage: HeadStage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RewardHeadShape:
    """A reward model that was asked for. `error`: why it failed."""

    id: int
    project: int
    network: str = field(metadata={"help": "Whose features it is learnt over."})
    state: HeadState
    error: Reason | None
    progress: HeadProgress
    bytes: int = field(metadata={"help": "Of its zip; 0 until it is done."})
    created_at: datetime
    finished_at: datetime | None
    created_by: Person | None


@dataclass(frozen=True, slots=True)
class RewardReport:
    """How good a reward model is, on prompts on which the head that is judged has seen no vote."""

    dimensions: Sequence[DimensionReport]
    ratings: Sequence[RatedReport] = field(metadata={"help": "Of questions that rate each image."})
    few: dict[str, int] = field(
        metadata={"help": "Dimensions without a head, each with how many prompts have votes."}
    )
    least: int = field(metadata={"help": "How many prompts a head takes."})
    more_votes: int = field(metadata={"help": "How many votes more each `gain` is of."})
    images: int = field(metadata={"help": "That it learnt from."})
    skipped: int = field(metadata={"help": "Images that the network could not look at."})


@dataclass(frozen=True, slots=True)
class DimensionVotes:
    """What a project's people have decided of one question so far."""

    dimension: str
    pairs: int = field(metadata={"help": "Settled items where one image is preferred."})
    votes: int
    prompts: int


@dataclass(frozen=True, slots=True)
class RatingVotes:
    """What a project's people have given images by one question so far."""

    dimension: str
    images: int = field(metadata={"help": "Of settled items, with a rating."})
    votes: int
    prompts: int


@dataclass(frozen=True, slots=True)
class HeadNetwork:
    """A network that a head can be learnt over; `reasons`: why not here, none where it can."""

    name: str
    title: str = field(metadata={"help": "Of its weights."})
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class RewardVotes:
    """What there is to learn from. `reason`: why it is not enough yet; null: it is."""

    least: int = field(metadata={"help": "How many prompts a head takes."})
    dimensions: list[DimensionVotes]
    ratings: list[RatingVotes]
    reason: Reason | None
    networks: list[HeadNetwork]


def head_for(user: User, head_id: int) -> RewardHead:
    """A reward head of a project that this person manages; NotFound, RoleRequired otherwise."""
    head = RewardHead.objects.select_related("project", "created_by").filter(pk=head_id).first()
    if head is None:
        raise NotFound
    project_for(user, head.project_id, Role.MANAGER)
    return head


def heads_of(project: Project) -> list[RewardHeadShape]:
    """A project's reward heads, newest first (1 query)."""
    rows = RewardHead.objects.filter(project=project).select_related("created_by").defer("report")
    return [head_shape(head) for head in rows.order_by("-created_at", "-pk")]


def head_shape(head: RewardHead) -> RewardHeadShape:
    """What a lead is told of it."""
    return RewardHeadShape(
        id=head.pk,
        project=head.project_id,
        network=head.network,
        state=HeadState(head.state),
        error=None if head.error is None else from_json(head.error),
        progress=HeadProgress(HeadStage(head.stage), head.done_count, head.total_count),
        bytes=head.bytes,
        created_at=head.created_at,
        finished_at=head.finished_at,
        created_by=None if head.created_by is None else person_of(head.created_by),
    )


def report_of(head: RewardHead) -> dict[str, Any]:
    """Its RewardReport as JSON. Raises Conflict until it is done."""
    must_be_done(head)
    told = dict(head.report or {})
    # Reports of earlier releases tell no ratings, no groups, and no weights: votes had none.
    told.setdefault("ratings", [])
    for one in told.get("dimensions", []):
        one["report"] = {"categories": [], "generators": [], **one["report"]}
        one.setdefault("weights", {"people": 0, "least": 1.0, "most": 1.0})
    return told


def must_be_done(head: RewardHead) -> None:
    """Raises Conflict for one that has neither report nor files."""
    if head.state != HeadState.DONE:
        raise Conflict(Reason(Code.HEAD_NOT_DONE))


def votes_of(project: Project) -> RewardVotes:
    """What its settled items say so far (2 queries and one a question that compares or rates)."""
    questions = specs_of(project)
    found = [_decided(project, question) for question in comparing(questions)]
    ratings = [_rated(project, question) for question in rating(questions)]
    return RewardVotes(
        least=FEWEST_PROMPTS,
        dimensions=found,
        ratings=ratings,
        reason=_too_few([*found, *ratings]),
        networks=[network_here(name) for name in sorted(NETWORKS, key=DEFAULT.__ne__)],
    )


def _decided(project: Project, question: QuestionSpec) -> DimensionVotes:
    findings = Finding.objects.filter(consensus=OuterRef("pk"), question__key=question.key)
    if KINDS[question.kind].sides:
        findings = findings.filter(decided=True, key__in=list(LETTERS))
    settled = Consensus.objects.filter(
        Exists(findings), project=project, item__excluded_at__isnull=True
    )
    told = settled.aggregate(
        pairs=Count("pk"), votes=Sum("annotations"), prompts=Count("item__prompt", distinct=True)
    )
    return DimensionVotes(question.key, told["pairs"], told["votes"] or 0, told["prompts"])


def _rated(project: Project, question: QuestionSpec) -> RatingVotes:
    means = Finding.objects.filter(
        consensus__project=project, question__key=question.key, key="mean",
        consensus__item__excluded_at__isnull=True,
    )  # fmt: skip
    told = means.aggregate(
        images=Count("pk"),
        given=Sum("votes"),
        prompts=Count("consensus__item__prompt", distinct=True),
    )
    return RatingVotes(question.key, told["images"], told["given"] or 0, told["prompts"])


def _too_few(found: Sequence[DimensionVotes | RatingVotes]) -> Reason | None:
    if not found:
        return Reason(Code.NOTHING_TO_LEARN)
    most = max(one.prompts for one in found)
    if most >= FEWEST_PROMPTS:
        return None
    return Reason(ScoringCode.HEAD_NEEDS_PROMPTS, n=most, least=FEWEST_PROMPTS)


def network_here(name: str) -> HeadNetwork:
    """A network of NETWORKS, and whether its weights are here."""
    weights = REGISTRY[weights_of_network(name) or ""]
    reasons = look(weights.name, settings.WEIGHTS_ROOT).reasons
    return HeadNetwork(name, weights.title, list(reasons))
