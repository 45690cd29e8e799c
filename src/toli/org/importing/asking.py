"""What a person asks of an import on the desk: take a file, choose its columns, load, stop, go on."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.ids import uuid7
from toli.org import access
from toli.org.importing import choosing, files, undoing
from toli.org.importing.journal import digest_of
from toli.org.importing.loading import check_right
from toli.org.importing.reading import Sheet, read_sheet, sheet_of
from toli.org.models import Import, Level

State = Import.State
OPEN_AT_ONCE = 20


def get_import(*, actor: Actor, ref: UUID, lock: bool = False) -> Import:
    """NotFound when missing or when the actor may import nothing."""
    if not access.may_anywhere(actor, "org.import"):
        raise NotFound()
    rows = Import.objects.select_for_update() if lock else Import.objects.all()
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def read(job: Import, *, most: int | None = None) -> Sheet:
    """The upload as rows, `most` at most: of the sheet chosen, where it is a workbook."""
    return read_sheet(files.path_of(job), str(job.options.get("page", "")), most=most)


def accept_file(
    *, actor: Actor, raw: bytes, name: str, layout: str, kind: str = "units", state_code: str = "",
    list_date: date | None = None, create_missing: bool = False, saved: str = "", now: datetime,
) -> Import:  # fmt: skip
    """Take an upload: its kind is read from its bytes, what may never be stored is refused by name, and the rest
    waits for its columns to be chosen. Raises BadInput, NotAllowed or NeedsSecondFactor; then nothing is kept.
    """
    check_right(actor)
    if len(raw) > files.LARGEST_UPLOAD:
        raise BadInput(fields={"file": _("The file is larger than 100 MB. Cut it into parts, or use the command.")})
    if Import.objects.filter(on_desk=True, state=State.NEW, by_id=actor.person_id).count() >= OPEN_AT_ONCE:
        raise BadInput(_("Twenty uploads of yours wait for their columns. Finish or stop some of them first."))
    sheet = sheet_of(raw)
    if not sheet.rows:
        raise BadInput(fields={"file": _("The file has no rows. Nothing was imported.")})
    choosing.refuse_forbidden(sheet, layout)
    options = {"create_missing": create_missing, "language": actor.language}
    if saved:
        options["mapping_name"] = saved
    ref = uuid7()
    with transaction.atomic():
        job = Import.objects.create(
            ref=ref, kind=kind, layout=layout, state_code=state_code, source=_shown(name), digest=digest_of(raw),
            list_date=list_date, options=options, on_desk=True, by_id=actor.person_id,
            stored=files.store(str(ref), raw),
            erase_on=files.erase_day(local_day(now)), encoding=sheet.encoding, lines=len(sheet.rows), created_at=now,
            changed_at=now,
        )  # fmt: skip
        audit.record(actor, "org.import_started", job, data={"bytes": len(raw), "layout": layout})
    return job


def _shown(name: str) -> str:
    """A file's name is only a label: no path, no control signs."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:120] or "file"


@transaction.atomic
def show_again(*, actor: Actor, ref: UUID, page: str, heading_line: int | None, now: datetime) -> Import:
    """Read another sheet of the workbook, or take another line for the headings."""
    job = get_import(actor=actor, ref=ref, lock=True)
    check_right(actor)
    _must_be(job, State.NEW, State.CHECKED, State.FAILED, State.CANCELLED)
    _nothing_written(job)
    sheet = read_sheet(files.path_of(job), page)
    choosing.preview(sheet, job.layout, heading_line=heading_line)
    job.options = {**job.options, "page": page, "heading_line": heading_line}
    job.options.pop("mapping", None)
    _become(job, State.NEW, now, lines=len(sheet.rows), encoding=sheet.encoding)
    return job


@transaction.atomic
def choose_columns(
    *, actor: Actor, ref: UUID, chosen: dict[str, str], level: str = "", save_as: str = "", now: datetime
) -> Import:
    """Write down which column holds what, under a name if one is given, and ask for the check. Raises BadInput."""
    job = get_import(actor=actor, ref=ref, lock=True)
    check_right(actor)
    _must_be(job, State.NEW, State.CHECKED, State.FAILED, State.CANCELLED)
    _nothing_written(job)
    if level and not Level.objects.filter(key=level).exists():
        raise BadInput(fields={"level": _("There is no such level.")})
    text = choosing.mapping_text(
        job.layout, chosen, heading_line=job.options.get("heading_line"), level=level, state=job.state_code
    )
    options = {**job.options, "mapping": text, "level": level}
    if save_as:
        options["mapping_name"] = files.save_mapping(save_as, text)
    job.options = options
    _become(job, State.CHECKING, now, step="waiting", done=0, total=0, why="", stop_asked=False)
    return job


@transaction.atomic
def load(*, actor: Actor, ref: UUID, now: datetime) -> Import:
    """Write what was checked, or go on with what was stopped. The worker does it. Raises WrongState."""
    job = get_import(actor=actor, ref=ref, lock=True)
    check_right(actor)
    goes_on = job.state in (State.FAILED, State.CANCELLED) and bool(job.options.get("mapping"))
    if not goes_on:
        _must_be(job, State.CHECKED)
    if job.kind != Import.Kind.UNITS:
        raise WrongState()
    files.path_of(job)
    _become(job, State.LOADING, now, step="waiting", why="", stop_asked=False)
    audit.record(actor, "org.import_started", job, data={"parts": job.parts})
    return job


@transaction.atomic
def stop(*, actor: Actor, ref: UUID, now: datetime) -> Import:
    """Ask the worker to stop before its next part; what does not run ends at once."""
    job = get_import(actor=actor, ref=ref, lock=True)
    check_right(actor)
    if job.is_running and job.step != "waiting":
        job.stop_asked = True
        job.save(update_fields=["stop_asked"])
    elif job.state in (State.NEW, State.CHECKED, State.PAIRING, State.FAILED) or job.is_running:
        _become(job, State.CANCELLED, now, step="", stop_asked=False)
        audit.record(actor, "org.import_stopped", job)
    else:
        raise WrongState()
    return job


def undo(*, actor: Actor, ref: UUID, partly: bool, now: datetime) -> undoing.Undone:
    """Take an import back. Raises undoing.Refused with every unit in the way."""
    return undoing.undo(actor=actor, job=get_import(actor=actor, ref=ref), partly=partly, now=now)


def erase_due(*, now: datetime) -> int:
    """Erase uploads and refused rows whose 30 days are over; how many imports."""
    due = list(Import.objects.filter(erase_on__lte=local_day(now)).exclude(stored=""))
    files.erase(due)
    return Import.objects.filter(pk__in=[job.pk for job in due]).update(stored="")


def _must_be(job: Import, *states: str) -> None:
    if job.state not in states:
        raise WrongState()


def _nothing_written(job: Import) -> None:
    if job.parts:
        raise WrongState(_("Part of this import is loaded already. Go on with it, or undo it first."))


def _become(job: Import, state: str, now: datetime, **values: object) -> None:
    job.state, job.changed_at = state, now
    for name, value in values.items():
        setattr(job, name, value)
    job.save()
