"""Rewards over HTTP for training runs: heads and metrics, scored batch by batch.

Knows ``scoring`` alone: no Django, no database, no people.
"""
