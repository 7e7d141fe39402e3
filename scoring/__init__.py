"""Arithmetic over people's answers and over images. No Django, no people, no network.

numpy everywhere; torch only under ``scoring.metrics``, which nothing here imports at import time.
"""
