"""From what was asked to values: images decoded side by side, scored in batches, in time."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from scoring.metric_functions import Subject
from scoring.reasons import Reason, Refusal
from scoring.service.batching import Batcher
from scoring.service.decoding import Limits, decoded
from scoring.service.dialects.reading import Asked
from scoring.service.refusals import Code, Refused
from scoring.service.rewards import Reward, Rewards, Value, Values

LATE = (Reason(Code.TOO_LATE),)


def _decoders() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="decoder")


@dataclass(frozen=True, slots=True)
class Service:
    """What rewards there are, and how images come to theirs; for any number of threads."""

    rewards: Rewards
    batcher: Batcher
    limits: Limits
    _decoders: ThreadPoolExecutor = field(default_factory=_decoders)

    @property
    def listed(self) -> Mapping[str, Reward]:
        """What rewards there are now."""
        return self.rewards.listed

    def scored(self, asked: Sequence[Asked]) -> list[Values]:
        """Each image's rewards, or why it has none. Raises Refused for too many images.

        And where nothing came in time, so that whoever asked asks again.
        """
        if len(asked) > self.limits.images:
            raise Refused(Code.TOO_MANY_IMAGES, n=len(asked), most=self.limits.images)
        # All of a request together, so that they come into one batch.
        subjects = list(self._decoders.map(self._subject, asked))
        begun = [
            subject if isinstance(subject, tuple) else self.batcher.submit(one.rewards, subject)
            for one, subject in zip(asked, subjects, strict=True)
        ]
        futures = [one for one in begun if isinstance(one, Future)]
        late = wait(futures, self.limits.seconds).not_done
        for future in late:
            future.cancel()
        if late and len(late) == len(futures):
            raise Refused(Code.TOO_LATE)
        ended = (LATE if one in late else one for one in begun)
        return [_values(one, outcome) for one, outcome in zip(asked, ended, strict=True)]

    def _subject(self, asked: Asked) -> Subject | tuple[Reason, ...]:
        if isinstance(asked.image, Reason):
            return (asked.image,)
        try:
            return Subject(decoded(asked.image, self.limits), prompt=asked.prompt)
        except Refusal as refusal:
            return refusal.reasons


def _values(asked: Asked, outcome: Future[Values] | tuple[Reason, ...]) -> Values:
    if isinstance(outcome, tuple):
        return dict.fromkeys(asked.rewards, Value(None, reasons=outcome))
    return outcome.result()
