"""SIGKILL at any step of a broadcast: the next worker goes on, nobody gets it twice and nobody is missed."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from tests.broadcasts.test_broadcasts import going, item, people, planned, run, states  # noqa: F401
from tests.content.conftest import farah, gopal  # noqa: F401
from tests.delivery.conftest import agree, noon  # noqa: F401
from tests.delivery.test_reach import browser, link, outside  # noqa: F401

from toli.broadcasts.models import Broadcast, Recipient
from toli.broadcasts.services import broadcasts as planning
from toli.delivery.models import Budget

KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from toli.broadcasts import services
from toli.broadcasts.services import sending
from toli.delivery.sending import _Run
step, at = sys.argv[1:]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if step == "taken":
    sending.delivery.send_many = die
elif step == "kept":
    sending.keep = die
else:
    left, note = [int(step)], _Run.note
    def counted(self, came):
        note(self, came)
        left[0] -= 1
        if not left[0]:
            die()
    _Run.note = counted
services.send_broadcasts(now=datetime.fromisoformat(at), seconds=30)
"""
SEEDS = range(4)


def killed(step: str, outside, now) -> None:  # noqa: F811
    env = {**os.environ, "TOLI_OUTSIDE_URL": outside.server.url, "TOLI_TELEGRAM_TOKEN": "1:local"}
    dead = subprocess.run([sys.executable, "-c", KILLED, step, now.isoformat()], env=env, check=False)
    assert dead.returncode == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_whenever_its_worker_is_killed_nobody_gets_it_twice_and_nobody_is_missed(
    people, outside, browser, agree, going, bilal, farah, gopal, asha, noon, monkeypatch  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(planning, "CHUNK", 2)
    for name, member in (("b", bilal), ("f", farah), ("g", gopal)):
        agree(member, "news")
        browser(member, name)
    steps = ["taken", "kept", *(str(random.Random(seed).randint(1, 4)) for seed in SEEDS)]
    for place, step in enumerate(steps):
        Budget.objects.all().delete()  # what one person gets in a day is not what is tried here
        broadcast, start = going(channels=["push"]), noon + timedelta(minutes=8 * place)
        killed(step, outside, start)
        run(start)
        assert Broadcast.objects.get(pk=broadcast.pk).state == "sending", "the other one may still be at it"
        run(start + timedelta(minutes=3))
        sent = {pk for pk, (way, state, _why) in states(broadcast).items() if way and state == "sent"}
        meant = Recipient.objects.filter(broadcast_id=broadcast.pk, channel="push").values_list("person_id", flat=True)
        assert sent == set(meant), step
        tags = [tag for one in outside["push"].browsers.values() for tag in one.shown if broadcast.ref.hex in tag]
        assert len(tags) == len(set(tags)) == len(sent) >= 4, step
    for step in ("kept", "1"):
        Budget.objects.all().delete()
        told = len(outside["telegram"].messages)
        broadcast, start = going(channels=["telegram"]), noon + timedelta(minutes=70 + len(step))
        killed(step, outside, start)
        run(start + timedelta(minutes=3), rounds=2)
        came = [state for way, state, _why in states(broadcast).values() if way]
        assert set(came) <= {"sent", "failed"}
        assert len(outside["telegram"].messages) - told <= len(came), "nobody knows of some; nobody got it twice"
