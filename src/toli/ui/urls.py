"""Addresses that belong to no room: the language switch, saver mode and, on a demo, the gallery."""

from django.urls import path

from toli.ui import views

app_name = "ui"
urlpatterns = [
    path("language/<slug:tag>/", views.choose_language, name="language"),
    path("saver/", views.choose_saver, name="saver"),
    path("ui/gallery/", views.gallery, name="gallery"),
]
