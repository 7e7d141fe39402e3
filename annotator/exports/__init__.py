"""Bundles for trainers."""
