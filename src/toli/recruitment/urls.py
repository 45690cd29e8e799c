from django.urls import path

from toli.recruitment import views

app_name = "recruitment"
urlpatterns = [
    path("join/status/", views.status, name="status"),
    path("join/status/<uuid:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("join/<slug:key>/", views.join, name="join"),
    path("join/<slug:key>/form/", views.form, name="form"),
    path("join/<slug:key>/send/", views.send, name="send"),
    path("join/<slug:key>/kiosk/", views.kiosk, name="kiosk"),
    path("desk/applicants/", views.applicants, name="applicants"),
    path("desk/applicants/<uuid:ref>/", views.applicant, name="applicant"),
    path("desk/applicants/<uuid:ref>/offer/", views.offer, name="offer"),
    path("desk/drives/", views.drives, name="drives"),
    path("desk/drives/new/", views.drive_new, name="drive_new"),
    path("desk/drives/<slug:key>/close/", views.drive_close, name="drive_close"),
]
