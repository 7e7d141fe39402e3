"""Weights of published networks: which files there are, and whether they lie here whole."""
