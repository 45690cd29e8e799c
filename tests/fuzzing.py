"""How many examples a fuzzer tries: few and always the same in `make test`, many and new with
`pytest --hypothesis-profile=nightly`.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

NIGHTLY = "nightly"
MORE = 30

settings.register_profile(NIGHTLY, print_blob=True)


def examples(few: int) -> settings:
    """Settings for a test that tries `few` examples, thirty times as many at night."""
    at_night = settings.get_current_profile_name() == NIGHTLY
    return settings(
        max_examples=few * (MORE if at_night else 1),
        deadline=None,
        derandomize=not at_night,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
