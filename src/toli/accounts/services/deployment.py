from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts.models import Deployment
from toli.kit.errors import WrongState


@transaction.atomic
def create_deployment(*, is_demo: bool, now: datetime) -> Deployment:
    """Say once what this installation is. Raises WrongState when it already is the other kind."""
    row, made = Deployment.objects.get_or_create(only=True, defaults={"is_demo": is_demo, "created_at": now})
    if not made and row.is_demo != is_demo:
        raise WrongState(_("This installation was made as the other kind; make a new one in another folder."))
    return row
