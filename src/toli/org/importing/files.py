"""Files of imports: uploads, refused rows and saved mappings, owner-only; uploads and refused rows live 30 days."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from toli.kit.errors import BadInput, NotFound
from toli.org.importing.reading import Sheet
from toli.org.importing.rejects import rejects_lines
from toli.org.importing.rows import Reason

KEPT = timedelta(days=30)
LARGEST_UPLOAD = 100 * 1024 * 1024
MOST_REASONS = 5_000
_NAME = re.compile(r"[a-z0-9\u0900-\u097f][a-z0-9\u0900-\u097f-]{0,59}")


def folder() -> Path:
    found = Path(settings.MEDIA_ROOT) / "imports"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    found.chmod(0o700)
    return found


def store(job_name: str, raw: bytes) -> str:
    """Keep an upload under a name of ours; what the file was called is never a path."""
    name = f"{job_name}.upload"
    _write(folder() / name, raw)
    return name


class Job(Protocol):
    """An import of any room: its ref names what lies beside its upload."""

    @property
    def ref(self) -> UUID: ...
    @property
    def stored(self) -> str: ...


def path_of(job: Job) -> Path:
    """The upload of an import. Raises NotFound once it is erased."""
    path = folder() / job.stored
    if not job.stored or not path.is_file():
        raise NotFound(_("The uploaded file is no longer kept. Please upload it again."))
    return path


def _write(path: Path, raw: bytes) -> None:
    """All or nothing, readable for the owner only."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
    os.chmod(draft, 0o600)
    os.replace(draft, path)


@dataclass(frozen=True)
class Said:
    """One reason or note as the check found it; its sentence is made when it is shown."""

    line: int
    code: str
    column: str
    detail: str
    refused: bool


def keep_reasons(job: Job, refused: Sequence[Reason], notes: Sequence[Reason], sheet: Sheet | None) -> None:
    """Beside the upload: what the page lists, and the refused rows as a file to correct."""
    kept = [(*one[:4], True) for one in refused[:MOST_REASONS]]
    kept += [(*one[:4], False) for one in notes[: MOST_REASONS - len(kept)]]
    _write(folder() / f"{job.ref}.reasons", json.dumps(kept, ensure_ascii=False).encode())
    _write(folder() / f"{job.ref}.rejects", "".join(rejects_lines(refused, sheet)).encode())


def reasons_of(job: Job) -> list[Said]:
    try:
        rows = json.loads((folder() / f"{job.ref}.reasons").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [Said(*row) for row in rows]


def rejects_of(job: Job) -> Path:
    path = folder() / f"{job.ref}.rejects"
    if not path.is_file():
        raise NotFound(_("The refused rows are no longer kept."))
    return path


def erase(jobs: Iterable[Job]) -> None:
    for job in jobs:
        for name in (job.stored, f"{job.ref}.reasons", f"{job.ref}.rejects"):
            if name:
                (folder() / name).unlink(missing_ok=True)


def erase_day(today: date) -> date:
    return today + KEPT


# -- saved mappings --


def mappings_folder() -> Path:
    found = Path(settings.HOME) / "mappings"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def save_mapping(name: str, text: str) -> str:
    """Keep a mapping under a name that the command takes too: `--mapping NAME`. Raises BadInput."""
    plain = "-".join(name.strip().casefold().split()).replace("_", "-")
    if not _NAME.fullmatch(plain):
        raise BadInput(fields={"save_as": _("A name has letters, digits and hyphens only, at most 60.")})
    _write(mappings_folder() / f"{plain}.toml", text.encode())
    return plain


def saved_mappings() -> list[str]:
    return sorted(path.stem for path in mappings_folder().glob("*.toml"))


def saved_mapping(name: str) -> Path:
    """Raises NotFound."""
    path = mappings_folder() / f"{name}.toml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound(_("There is no saved mapping of this name."))
    return path
