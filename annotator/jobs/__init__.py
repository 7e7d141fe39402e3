"""Work in the background. The row is the job; a message in the queue only wakes a worker.

A message that is lost, late or doubled is harmless: the sweep sends another, and a job is taken by
a guarded UPDATE. So a request never waits for the broker, and a worker may be killed anywhere.
"""

from annotator.jobs.lease import Held
from annotator.jobs.queue import enqueue, send
from annotator.jobs.services import give_way, hold, register, retry, run, sweep, take, work

__all__ = [
    "Held", "enqueue", "give_way", "hold", "register", "retry", "run", "send", "sweep", "take",
    "work",
]  # fmt: skip
