"""The catalog of metrics and their descriptions name the same metrics, in every language."""

import pytest

from annotator.measurements.catalog import REWARD_WORDS
from scoring.catalog import CATALOG
from tests.contracts.test_reasons import LANGUAGES, texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_described_and_nothing_else(language: str) -> None:
    assert sorted(texts(language, "metrics.json")) == sorted([*CATALOG, REWARD_WORDS])
