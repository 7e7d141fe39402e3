"""Arithmetic over judgements and pictures. No Django, no people, no network.

numpy everywhere; torch only under ``scoring.metrics``, which nothing here imports at import time.
"""
