from django.urls import path

from toli.recruitment.views import applicants, board, calls, drives, joining, status, truth

app_name = "recruitment"
urlpatterns = [
    path("join/status/", status.status, name="status"),
    path("join/status/<uuid:ref>/withdraw/", status.withdraw, name="withdraw"),
    path("join/<slug:key>/", joining.join, name="join"),
    path("join/<slug:key>/wishes/", joining.wishes, name="wishes"),
    path("join/<slug:key>/form/", joining.form, name="form"),
    path("join/<slug:key>/send/", joining.send, name="send"),
    path("join/<slug:key>/kiosk/", joining.kiosk, name="kiosk"),
    path("desk/applicants/", applicants.applicants, name="applicants"),
    path("desk/applicants/<uuid:ref>/", applicants.applicant, name="applicant"),
    path("desk/applicants/<uuid:ref>/offer/", applicants.offer, name="offer"),
    path("desk/drives/", drives.drives, name="drives"),
    path("desk/drives/new/", drives.drive_new, name="drive_new"),
    path("desk/drives/<slug:key>/", board.board, name="board"),
    path("desk/drives/<slug:key>/close/", drives.drive_close, name="drive_close"),
    path("desk/drives/<slug:key>/truth/", truth.truth, name="truth"),
    path("desk/drives/<slug:key>/truth/draw/", truth.draw, name="draw"),
    path("desk/groups/<uuid:ref>/", truth.cluster, name="cluster"),
    path("desk/calls/", calls.calls, name="calls"),
    path("desk/calls/next/", calls.call_next, name="call_next"),
    path("desk/calls/<uuid:ref>/said/", calls.call_said, name="call_said"),
]
