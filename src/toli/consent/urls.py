from django.urls import path

from toli.consent.views import breaches, complaints, mine, people

app_name = "consent"
urlpatterns = [
    path("me/consents/", mine.mine, name="mine"),
    path("me/consents/<slug:purpose>/give/", mine.give, name="give"),
    path("me/consents/<slug:purpose>/withdraw/", mine.withdraw, name="withdraw"),
    path("notice/", mine.notice, name="notice"),
    path("me/complaints/", complaints.mine, name="complaints"),
    path("me/complaints/new/", complaints.new, name="complain"),
    path("me/complaints/<uuid:ref>/again/", complaints.reopen, name="complain_again"),
    path("me/complaints/<uuid:ref>/close/", complaints.settle, name="settle"),
    path("desk/complaints/", complaints.desk, name="complaints_desk"),
    path("desk/complaints/<uuid:ref>/", complaints.case, name="complaint"),
    path("desk/complaints/<uuid:ref>/acknowledge/", complaints.acknowledge, name="acknowledge"),
    path("desk/complaints/<uuid:ref>/answer/", complaints.answer, name="answer"),
    path("desk/people/<uuid:ref>/number/", people.reveal, name="reveal"),
    path("desk/people/<uuid:ref>/data/", people.privacy, name="privacy"),
    path("desk/people/<uuid:ref>/data/correct/", people.correct, name="correct"),
    path("desk/people/<uuid:ref>/data/copy/", people.copy, name="copy"),
    path("desk/people/<uuid:ref>/data/seal/", people.seal, name="seal"),
    path("desk/people/<uuid:ref>/data/hold/", people.hold, name="hold"),
    path("desk/holds/<uuid:ref>/lift/", people.lift_hold, name="lift_hold"),
    path("desk/erasures/", people.erasures, name="erasures"),
    path("desk/erasures/<uuid:ref>/", people.erasure, name="erasure"),
    path("desk/erasures/<uuid:ref>/erase/", people.erase, name="erase"),
    path("erasure/<uuid:ref>/", people.public_proof, name="public_proof"),
    path("desk/breaches/", breaches.cases, name="breaches"),
    path("desk/breaches/new/", breaches.new, name="breach_new"),
    path("desk/breaches/<uuid:ref>/", breaches.case, name="breach"),
    path("desk/breaches/<uuid:ref>/persons/", breaches.persons, name="breach_persons"),
    path("desk/breaches/<uuid:ref>/tell/", breaches.tell, name="breach_tell"),
    path("desk/breaches/<uuid:ref>/board/", breaches.board, name="breach_board"),
    path("desk/breaches/<uuid:ref>/close/", breaches.close, name="breach_close"),
    path("desk/breaches/<uuid:ref>/confirm/", breaches.confirm, name="breach_confirm"),
    path("desk/breaches/<uuid:ref>/report/", breaches.report, name="breach_report"),
]
