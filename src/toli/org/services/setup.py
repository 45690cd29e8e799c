"""What an organisation starts with, written once; running it again adds what is missing and changes nothing."""

from django.db import transaction

from toli.org import base
from toli.org.models import Level, Role, TeamKind, Wing


@transaction.atomic
def ensure_base() -> None:
    """Levels, wings, team kinds and roles of `org/base.py`."""
    Level.objects.bulk_create(
        [Level(key=key, rank=rank, names={"hi": hi, "en": en}) for key, rank, hi, en in base.LEVELS],
        ignore_conflicts=True,
    )
    Wing.objects.bulk_create(
        [Wing(key=key, names={"hi": hi, "en": en}) for key, hi, en in base.WINGS], ignore_conflicts=True
    )
    levels = {level.key: level for level in Level.objects.all()}
    TeamKind.objects.bulk_create(
        [TeamKind(key=key, level=levels[level], names={"hi": hi, "en": en}) for key, level, hi, en in base.TEAM_KINDS],
        ignore_conflicts=True,
    )
    Role.objects.bulk_create(
        [
            Role(key=key, tier=tier, sensitive=sensitive, names={"hi": hi, "en": en}, rights=rights)
            for key, tier, sensitive, hi, en, rights in base.ROLES
        ],
        ignore_conflicts=True,
    )
