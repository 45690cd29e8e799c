"""Half a million rows as CSV and as a workbook through `toli import units`: time and memory of each stage."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import psycopg

from toli.bench import tree_bench

FULL_SIZE = 500_000
GOALS = {"peak_mb": 512}
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'spreadsheetml.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("sharedStrings", "sharedStrings")
        )
    ) + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}">'
    '<sheets><sheet name="units" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}  # fmt: skip


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Each stage is the command in a process of its own, which says what it held; the peer is COPY of what it made."""
    size = size or FULL_SIZE
    began = time.monotonic()
    with tree_bench.database() as owner_url:
        files = _measure(size, owner_url, (lambda text: None) if quiet else print)
    stages = [stage for file in files.values() for stage in file["stages"].values()]
    apply = files["csv"]["stages"]["apply"]["seconds"]
    return {
        "bench": "imports",
        "size": size,
        "seconds": round(time.monotonic() - began, 1),
        "rate": round(size / apply),
        "peak_mb": max(stage["peak_mb"] for stage in stages),
        "peer": "COPY of the finished rows of units, codes and links with the same indexes and keys",
        "ratio": round(files["csv"]["copy_seconds"] / apply, 3),
        "p95_ms": None,
        "partial": size < FULL_SIZE,
        "goals": GOALS,
        "files": files,
        "bench_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load": [round(one, 1) for one in os.getloadavg()],
    }


def _measure(size: int, owner_url: str, say: Callable[[str], None]) -> dict[str, Any]:
    folder, found = Path(os.environ["TOLI_HOME"]), {}
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for name, rows in (("csv", size), ("small.xlsx", size // 5), ("xlsx", size)):
            file = folder / f"tree.{name}"
            tree_bench.write_tree(folder / "tree.csv", rows)
            if file.suffix == ".xlsx":
                _in_a_process_of_its_own(folder / "tree.csv", file)
            found[name] = {"rows": rows, "file_mb": round(file.stat().st_size / 1e6, 1), **_through(file, rows, owner)}
            for stage, read in found[name]["stages"].items():
                say(f"  {rows:,} rows of {name}, {stage}: {read['seconds']} s, {read['peak_mb']} MB")
            say(f"  {rows:,} rows of {name}, COPY: {found[name]['copy_seconds']} s")
    return found


def _through(file: Path, rows: int, owner: psycopg.Connection[Any]) -> dict[str, Any]:
    """A file checked, applied, applied again, undone; beside a COPY of what it made."""
    from toli.org.models import Import, Unit

    owner.execute(f"TRUNCATE {tree_bench.TABLES} CASCADE")
    stages = {
        "check": _command("import", "units", str(file), "--dry-run"),
        "apply": _command("import", "units", str(file)),
    }
    if (made := Unit.objects.count()) != rows:
        raise SystemExit(f"The import is wrong: {made} of {rows} units.")
    copied = tree_bench.copies(owner)
    stages["again"] = _command("import", "units", str(file))
    if (made := Unit.objects.count()) != rows:
        raise SystemExit(f"The second import made {made - rows} units.")
    job = Import.objects.filter(parts__gt=0).latest("id")
    stages["undo"] = _command("import", "undo", str(job.ref))
    if (left := Unit.objects.count()) != 0:
        raise SystemExit(f"The undo left {left} units.")
    return {"stages": stages, "copy_seconds": round(copied["all"], 1)}


def _command(*words: str) -> dict[str, float]:
    """Seconds and the most memory held by `toli ...`; what the bench itself holds is a floor of that figure."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "toli.cli", *words], stdout=subprocess.DEVNULL)
    _pid, state, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(state)
    if process.returncode:
        raise SystemExit(f"toli {' '.join(words)} failed.")
    return {"seconds": round(time.perf_counter() - began, 1), "peak_mb": round(used.ru_maxrss / 1024)}


def _in_a_process_of_its_own(source: Path, target: Path) -> None:
    """What the workbook's texts take in memory while it is written is no floor of what is measured."""
    subprocess.run([sys.executable, "-m", "toli.bench.imports_bench", str(source), str(target)], check=True)


def write_workbook(source: Path, target: Path) -> None:
    """The rows of a CSV as sheet programs write them: each text once, in a table beside the sheet."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, body in PARTS.items():
            book.writestr(name, body)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f"<worksheet {MAIN}><sheetData>".encode())
            part.writelines(line.encode() for line in _lines(source, texts))
            part.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst {MAIN} uniqueCount="{len(texts)}">'.encode())
            part.writelines(f"<si><t>{escape(text)}</t></si>".encode() for text in texts)
            part.write(b"</sst>")


def _lines(source: Path, texts: dict[str, int]) -> Iterator[str]:
    from openpyxl.utils import get_column_letter as letters

    with source.open(encoding="utf-8", newline="") as file:
        for line, cells in enumerate(csv.reader(file), start=1):
            filled = ((at, texts.setdefault(cell, len(texts))) for at, cell in enumerate(cells, start=1) if cell)
            made = (f'<c r="{letters(at)}{line}" t="s"><v>{place}</v></c>' for at, place in filled)
            yield f'<row r="{line}">{"".join(made)}</row>'


if __name__ == "__main__":
    write_workbook(Path(sys.argv[1]), Path(sys.argv[2]))
