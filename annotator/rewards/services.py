"""What can be done with reward models: asked for, cancelled, tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from annotator import jobs
from annotator.accounts.models import User
from annotator.actions.services import Verb, record
from annotator.core import clock
from annotator.core.errors import Conflict, Invalid
from annotator.core.reasons import Code, Reason, as_json
from annotator.core.states import move
from annotator.measurements import requests
from annotator.projects.models import Project
from annotator.rewards import selectors
from annotator.rewards.models import HeadStage, HeadState, RewardHead
from scoring.rewards.training import NETWORKS, metric_of


@transaction.atomic
def request_head(*, project: Project, network: str, by: User | None = None) -> RewardHead:
    """Asks for a reward model over this network; workers train it.

    Raises Invalid for an unknown network and for one whose weights are not here, Conflict where
    there are too few votes, where one is being trained already, and for an archived project.
    """
    if (why := selectors.votes_of(project).reason) is not None:
        raise Conflict(why)
    _require_network(network)
    # Its images are looked at meanwhile; those that were looked at before are not again.
    requests.request_awaited(project, [metric_of(network)])
    with _one_at_a_time():
        head = RewardHead.objects.create(project=project, network=network, created_by=by)
    jobs.enqueue(head)
    _record(Verb.REWARD_HEAD_REQUESTED, head, by, head.created_at)
    return head


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Raises Conflict where another head of the project waits or is in training."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Conflict(Reason(Code.HEAD_UNDER_WAY)) from None


def _require_network(name: str) -> None:
    reasons = [Reason(Code.NETWORK_UNKNOWN, name=name[:100], names=NETWORKS)]
    if name in NETWORKS:
        reasons = selectors.network_here(name).reasons
    if reasons:
        raise Invalid(reasons[0], fields={"network": reasons[0]})


def _record(verb: Verb, head: RewardHead, by: User | None, now: datetime) -> None:
    record(
        verb, by=by, now=now, project_id=head.project_id, target=f"reward_head:{head.pk}",
        network=head.network,
    )  # fmt: skip


@transaction.atomic
def cancel_head(*, head: RewardHead, now: datetime, by: User | None = None) -> RewardHead:
    """Ends a training that waits or is under way. StaleState for one that has ended.

    So is one that measures: it is a metric by then.
    """
    trained = Q(state=HeadState.RUNNING, stage=HeadStage.MEASURING)
    move(
        head, HeadState.CANCELLED, where=~trained, holder="", held_until=None, finished_at=now,
    )  # fmt: skip
    _record(Verb.REWARD_HEAD_CANCELLED, head, by, now)
    return head


@transaction.atomic
def retry_head(*, head: RewardHead, by: User | None = None) -> RewardHead:
    """Begins a failed training anew, of the votes there are now.

    Raises StaleState for one that has not failed, Conflict where another is under way.
    """
    with _one_at_a_time():
        jobs.retry(
            head, stage=HeadStage.FEATURES, error=None, done_count=0, total_count=0,
            finished_at=None,
        )  # fmt: skip
    _record(Verb.REWARD_HEAD_RETRIED, head, by, clock.now())
    requests.request_awaited(head.project, [metric_of(head.network)])
    return head


def note_download(head: RewardHead, *, by: User, now: datetime) -> None:
    """Writes down who took a reward model with them."""
    _record(Verb.REWARD_HEAD_DOWNLOADED, head, by, now)


def give_up(head: RewardHead, reason: Reason) -> None:
    """After the last attempt at a training."""
    move(
        head, HeadState.FAILED, holder="", held_until=None, error=as_json(reason),
        finished_at=clock.now(),
    )  # fmt: skip
