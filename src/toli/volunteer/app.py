"""The phone's app: its manifest, and the worker that keeps a person's own pages for when there is no network."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

FILES = (
    "ui/small.css", "ui/small.js", "ui/draft.js", "ui/meter.js", "ui/icons.svg", "ui/logo.svg", "volunteer/day.css",
    "volunteer/phone.js", "broadcasts/pulse.css", "broadcasts/pulse.js", "vendor/idb.js", "tasks/outbox_store.js",
    "tasks/outbox.js", "tasks/photo.js",
)  # fmt: skip
"""What the pages that may be kept need."""
SCRIPTS = ("vendor/idb.js", "tasks/outbox_store.js", "volunteer/worker.js")
"""What the worker itself is made of."""


def manifest() -> dict[str, object]:
    """The web app manifest. The name is Hindi for everybody: it is what stands under the icon."""
    return {
        "id": "/me/", "start_url": "/me/", "scope": "/", "name": "टोली", "short_name": "टोली", "lang": "hi",
        "dir": "ltr", "display": "standalone", "background_color": "#f7f5f1", "theme_color": "#0f5c66",
        "icons": [
            {"src": static("ui/logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            *(_icon(side, "any") for side in (192, 512)),
            _icon(512, "maskable"),
        ],
    }  # fmt: skip


def _icon(side: int, purpose: str) -> dict[str, str]:
    name = f"icon-{side}.png" if purpose == "any" else f"icon-{purpose}-{side}.png"
    return {"src": static(f"volunteer/{name}"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}


def worker() -> str:
    """The worker's first lines: the files of this release and its version, then the scripts that do the work."""
    told = {"version": version(), "files": [static(name) for name in FILES], "offline": reverse("volunteer:offline")}
    scripts = ", ".join(json.dumps(f"{static(name)}?{version()}") for name in SCRIPTS)
    return f'"use strict";\nconst TOLI = {json.dumps(told)};\nimportScripts({scripts});\n'


@cache
def version() -> str:
    """Changes with every change of a file: then phones fetch the new ones and drop the old."""
    found = hashlib.sha256()
    for name in (*FILES, *SCRIPTS):
        path = finders.find(name)
        assert isinstance(path, str), name
        with open(path, "rb") as file:
            found.update(file.read())
    return found.hexdigest()[:12]
