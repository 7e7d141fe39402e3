"""One file a metric family, each with its ``METRICS``. torch is imported nowhere else."""
