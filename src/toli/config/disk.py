"""A last reserve on the disk: when it is reached nobody writes any more, and everybody can still read.

PostgreSQL stops altogether when it cannot write its log ahead. So the pages and the ticks stop writing before that,
and what is left is the server's own. On an external database this watches the uploads; its disk is its operator's.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from toli.ui.away import pause_page

RESERVE_MB = 60
LOOK_EVERY_SECONDS = 1.0
READING = ("GET", "HEAD", "OPTIONS")


class Disk:
    """Whether there is room to write where a folder lies; looked up once a second."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked_at = 0.0
        self._full = False

    def is_full(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_SECONDS or not self._looked_at:
            self._looked_at = now
            self._full = self._free_mb() < RESERVE_MB
        return self._full

    def _free_mb(self) -> int:
        try:
            return shutil.disk_usage(self._folder).free // 2**20
        except OSError:  # not there yet: the launcher says so
            return RESERVE_MB


HOME = Disk(settings.HOME)


class RoomMiddleware:
    """Whatever would write is answered with a pause while the disk is full; nothing of it is kept by half."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING and HOME.is_full():
            return pause_page(request, full=True)
        return self.get_response(request)
