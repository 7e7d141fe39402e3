"""The site's settings without what the site does above Django."""

from annotator.config.settings import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "bench.floor"
