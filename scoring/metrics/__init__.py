"""One file a metric family, each with its ``METRICS``. The only torch in the house."""
