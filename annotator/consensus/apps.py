"""Django's name for this room."""

from django.apps import AppConfig


class ConsensusConfig(AppConfig):
    name = "annotator.consensus"
