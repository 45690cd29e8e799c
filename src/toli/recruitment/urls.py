from django.urls import path

from toli.recruitment.views import applicants, board, calls, cards, drives, joining, offers, status, truth

app_name = "recruitment"
urlpatterns = [
    path("join/status/", status.status, name="status"),
    path("join/status/<uuid:ref>/withdraw/", status.withdraw, name="withdraw"),
    path("join/<slug:key>/", joining.join, name="join"),
    path("join/<slug:key>/wishes/", joining.wishes, name="wishes"),
    path("join/<slug:key>/form/", joining.form, name="form"),
    path("join/<slug:key>/send/", joining.send, name="send"),
    path("join/<slug:key>/kiosk/", joining.kiosk, name="kiosk"),
    path("join/status/<uuid:ref>/stay/", offers.stay, name="stay"),
    path("desk/applicants/willing/", offers.willing, name="willing"),
    path("desk/drives/<slug:key>/past/", offers.past, name="past"),
    path("desk/drives/<slug:key>/past/<uuid:ref>/", offers.past_reason, name="past_reason"),
    path("me/card/", cards.my_card, name="my_card"),
    path("me/card/<uuid:ref>/lost/", cards.lost, name="card_lost"),
    path("me/letter/<uuid:ref>/", cards.letter, name="letter"),
    path("verify/", cards.verify_page, name="verify_page"),
    path("verify/worker.js", cards.verify_worker, name="verify_worker"),
    path("verify/<str:token>/", cards.verify, name="verify"),
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
