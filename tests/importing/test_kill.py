"""SIGKILL at any moment of an import: started again it goes on, nothing is doubled and nothing is missing."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, connections

from toli.config import postgres
from toli.org import services
from toli.org.importing.loading import load_units
from toli.org.importing.own import parse_own
from toli.org.importing.reading import sheet_of
from toli.org.models import Count, Import, ImportedUnit, Unit, UnitCode, UnitLink

SEEDS = range(5)
BOOTHS = 3_000
# The same program, in small parts, so that a kill falls between and inside them.
PROGRAM = """
import sys
import django
django.setup()
from toli.org.importing import loading
loading.PART = 150
from toli.cli.run import run
sys.exit(run(sys.argv[1:]))
"""


def tree_file(path):
    rows = ["level,code,parent,name_en,name_hi,code_old", "state,S,,State,राज्य,"]
    rows += [f"district,D{n},S,District {n},ज़िला {n}," for n in range(20)]
    rows += [f"booth,b-{n},D{n % 20},Village {n},गाँव {n},x-{n}" for n in range(BOOTHS)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def program(path, tmp_path):
    name = connections["default"].settings_dict["NAME"]
    folder = postgres.socket_folder(Path(os.environ["TOLI_HOME"]))
    address = postgres.url(folder, user=postgres.OWNER, database=name)
    env = os.environ | {"DATABASE_URL": address, "PYTHONPATH": os.pathsep.join(sys.path)}
    asked = ["import", "units", str(path), "--rejects", str(tmp_path / "r")]
    with (tmp_path / "said").open("ab") as said:
        return subprocess.Popen([sys.executable, "-c", PROGRAM, *asked], env=env, stdout=said, stderr=said)


def standing():
    """Codes by unit, and what hangs where: the tree without its ids."""
    links = UnitLink.objects.filter(hierarchy="org", valid_to=None)
    codes = dict(UnitCode.objects.filter(scheme="org").values_list("unit_id", "value"))
    return sorted((codes[child], codes[parent]) for child, parent in links.values_list("child_id", "parent_id"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_import_goes_on_where_it_stopped(tmp_path, seed):
    path, dice = tree_file(tmp_path / "tree.csv"), random.Random(seed)
    seen: set[int] = set()
    kills = 0
    while True:
        running = program(path, tmp_path)
        if kills < 4:
            _wait_for_a_part(running, more_than=len(seen))
            time.sleep(dice.uniform(0.0, 0.25))
        if kills < 4 and running.poll() is None:
            running.send_signal(signal.SIGKILL)
            running.wait()
            kills += 1
            now = set(Unit.objects.values_list("pk", flat=True))
            assert seen <= now, "what was written stays"
            seen = now
            continue
        assert running.wait() == 0, (tmp_path / "said").read_text()
        break
    assert kills >= 2, "the file is too small for this machine"
    assert seen <= set(Unit.objects.values_list("pk", flat=True))
    assert Unit.objects.count() == 1 + 20 + BOOTHS
    assert UnitCode.objects.filter(scheme="old").count() == BOOTHS
    assert len(standing()) == 20 + BOOTHS == len(set(standing()))
    job = Import.objects.get()
    assert (job.state, job.added) == ("loaded", 1 + 20 + BOOTHS)
    assert ImportedUnit.objects.filter(import_id=job.pk, before__isnull=True).count() == job.added
    while services.fold_counts():
        pass
    state = Unit.objects.get(codes__scheme="org", codes__value="S")
    assert Count.objects.get(unit_id=state.pk, metric="units.booth").n == BOOTHS
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum((data->>'added')::int) FROM audit_record WHERE verb = 'org.units_imported'")
        assert cursor.fetchone()[0] == job.added
    once_more = load_units(actor=_system(), rows=parse_own(sheet_of(path.read_bytes())).rows, source="again")
    assert (once_more.added, once_more.changed) == (0, 0)


def _wait_for_a_part(running, *, more_than):
    while running.poll() is None and Unit.objects.count() <= more_than:
        time.sleep(0.01)


def _system():
    from toli.kit.actor import SystemActor

    return SystemActor()
