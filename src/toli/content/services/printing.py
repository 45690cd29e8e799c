"""Pages for the printer: never without their imprint, and each with a declaration to make (domain rule 8)."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import printing, queries, rules
from toli.content.models import Item, PrintRun
from toli.content.printing import Imprint
from toli.content.services.items import locked_with_sheet, note
from toli.content.services.media import key_of
from toli.kit.actor import Actor
from toli.kit.errors import WrongState
from toli.kit.filestore import store


@transaction.atomic
def export_print(*, actor: Actor, ref: UUID, imprint: Imprint, now: datetime) -> PrintRun:
    """The page of an approved picture with its imprint; the declaration task follows the record (flows.py).

    Raises NotFound, WrongState for what is not approved or no picture, BadInput for half an imprint.
    """
    item = locked_with_sheet(actor, ref, "content.write")
    rules.check_imprint(imprint)
    if item.kind != Item.Kind.PICTURE or item.media is None:
        raise WrongState(_("Only pictures can be printed."))
    if not queries.cleared_items(item_ids=[item.pk], sheet_ids=[]):
        raise WrongState(_("Only what two persons have approved is printed."))
    with store().open(key_of(item.file)) as file:
        picture = file.read()
    size = (item.media.width or 1, item.media.height or 1)
    body = printing.page(picture, size, imprint, title=str(item.ref), made_at=now)
    digest = hashlib.sha256(body).hexdigest()
    store().put(key_of(f"{digest}.pdf"), io.BytesIO(body))
    run = PrintRun.objects.create(
        item=item, hash=item.hash, digest=digest, printer=imprint.printer, printer_address=imprint.printer_address,
        publisher=imprint.publisher, publisher_address=imprint.publisher_address, copies=imprint.copies,
        exported_by_id=actor.person_id, exported_at=now,
    )  # fmt: skip
    audit.record(actor, "content.print_exported", run, unit=item.unit, data={"copies": run.copies, "digest": digest})
    note(actor, now)
    return run
