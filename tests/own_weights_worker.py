"""The site's Celery application in a process that takes a random Inception for the published one.

For `Worker(app="tests.own_weights_worker:app")`; see tests/own_weights.py.
"""

from annotator.config.celery import app as app
from scoring.weights.published import PUBLISHED
from tests.scoring.inceptions import REGISTRY

PUBLISHED["inception"] = REGISTRY["inception"]
