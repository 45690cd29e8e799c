"""The addresses of all rooms. Each room's urls.py names its own, with its own prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from toli.config.settings import ROOMS, present

WITH_ADDRESSES = [
    "ui",
    "accounts",
    "people",
    "org",
    "audit",
    "consent",
    "elections",
    "delivery",
    "content",
    "broadcasts",
    "tasks",
    "recruitment",
    "volunteer",
    "warroom",
    "demo",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"toli.{room}.urls")) for room in WITH_ADDRESSES if room in ROOMS and present(f"{room}.urls")
]

handler400 = "toli.ui.views.bad_request"
handler403 = "toli.ui.views.forbidden"
handler404 = "toli.ui.views.not_found"
handler500 = "toli.ui.views.server_error"
