"""The QC look at sampled items."""
