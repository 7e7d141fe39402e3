"""Candidates of one prompt that a training loop has people rank while it waits."""
