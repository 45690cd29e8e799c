"""SIGKILL at twenty random moments while phones tell: nothing acknowledged is lost, nothing counts twice."""

import json
import random
import signal
import threading
import time

import httpx
import pytest
from tests.broadcasts.conftest import on_air  # noqa: F401
from tests.content.conftest import approved, draft, farah, gopal, submitted  # noqa: F401
from tests.pulse.conftest import HTTP

from toli.broadcasts import services
from toli.broadcasts.models import Reach, Receipt, Sighting

KILLS = 20
PHONES = 6


class Phone(threading.Thread):
    """Tells for one reader after the other, each until it is acknowledged, as the page does."""

    def __init__(self, pulse, place, item, stop, fallen):
        super().__init__()
        self.pulse, self.place, self.item, self.stopped, self.fallen = pulse, place, item, stop, fallen
        self.done = []

    def run(self):
        number = 0
        while not self.stopped.is_set():
            number += 1
            reader = f"p{self.place}-{number}"
            while not self._tell(reader):
                if self.fallen.wait(0.05):
                    return
            self.done.append(reader)

    def _tell(self, reader):
        path = self.pulse.tell_path(unit_id=1, reader=reader)
        try:
            body = json.dumps({"shown": [self.item]})
            return HTTP.post(self.pulse.origin + path, content=body, timeout=3).status_code == 204
        except httpx.TransportError:
            return False


@pytest.mark.slow
def test_twenty_kills_lose_nothing_and_double_nothing(on_air, pulse):  # noqa: F811
    stop, fallen = threading.Event(), threading.Event()
    phones = [Phone(pulse, place, str(on_air.ref), stop, fallen) for place in range(PHONES)]
    for phone in phones:
        phone.start()
    try:
        for seed in range(KILLS):
            time.sleep(random.Random(seed).uniform(0.05, 1.3))
            pulse.stop(signal.SIGKILL)
            pulse.start()
    except BaseException:
        fallen.set()  # or the phones would go on telling nobody for ever
        raise
    finally:
        stop.set()
    for phone in phones:
        phone.join()
    told = {reader for phone in phones for reader in phone.done}
    assert len(told) >= PHONES
    assert set(Receipt.objects.values_list("reader", flat=True)) == told
    while services.count_receipts():
        pass
    assert Reach.objects.get(item_id=on_air.pk, kind="shown").n == len(told)
    assert Sighting.objects.filter(item_id=on_air.pk).count() == len(told)
