"""Reward models of a project's own votes: asked for, trained by a worker, read, downloaded."""
