"""The settings of the join bench's site: Toli's own, with one address more."""

from toli.config.settings import *  # noqa: F403

ROOT_URLCONF = "toli.bench.join_urls"
