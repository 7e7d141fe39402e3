"""`make faults`: a site at work whose parts are killed, cut and emptied, and what came of it."""
