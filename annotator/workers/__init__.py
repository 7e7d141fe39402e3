"""The door for the clock: Celery tasks, one file a duty."""
