"""Arithmetic over judgements and images. No Django, no people, no network.

numpy everywhere; torch only under ``scoring.metrics``, which nothing here imports at import time.
"""
