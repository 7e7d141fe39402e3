"""All promises, in the order in which the data flows."""

from annotator.audit import answers, gold, imported, measured, outcomes, slots, stored
from annotator.audit.scope import Invariant

INVARIANTS: tuple[Invariant, ...] = (
    *stored.INVARIANTS,
    *measured.INVARIANTS,
    *slots.INVARIANTS,
    *answers.INVARIANTS,
    *imported.INVARIANTS,
    *outcomes.INVARIANTS,
    *gold.INVARIANTS,
)
