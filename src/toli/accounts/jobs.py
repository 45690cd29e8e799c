"""What the worker does for accounts."""

from django.utils import timezone

from toli.accounts import services
from toli.kit.ticks import Tick


def erase_old() -> int:
    return services.erase_old(now=timezone.now())


def forget_ended_sessions() -> int:
    return services.forget_ended_sessions(now=timezone.now())


TICKS = [
    Tick("accounts.erase_old", seconds=60.0, run=erase_old),
    Tick("accounts.forget_ended_sessions", seconds=3600.0, run=forget_ended_sessions),
]
