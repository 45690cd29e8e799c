from django.urls import path

from toli.elections import views

app_name = "elections"
urlpatterns = [
    path("desk/elections/", views.polls, name="polls"),
    path("desk/elections/calendar/", views.calendar, name="calendar"),
    path("desk/elections/clock/", views.clock_of, name="clock_of"),
    path("desk/elections/clock/<uuid:ref>/", views.clock, name="clock"),
    path("desk/elections/rules/", views.rules, name="rules"),
    path("desk/elections/rules/switch/", views.switch, name="switch"),
    path("desk/elections/rules/<uuid:ref>/confirm/", views.confirm_switch, name="confirm_switch"),
    path("desk/elections/rules/<uuid:ref>/refuse/", views.refuse_switch, name="refuse_switch"),
    path("desk/elections/of/<uuid:ref>/", views.election, name="election"),
    path("desk/elections/of/<uuid:ref>/dates/", views.change_dates, name="change_dates"),
    path("desk/elections/dates/<uuid:ref>/confirm/", views.confirm_dates, name="confirm_dates"),
    path("desk/elections/dates/<uuid:ref>/refuse/", views.refuse_dates, name="refuse_dates"),
    path("desk/elections/import/", views.bring_in, name="import"),
    path("desk/elections/polls/<uuid:ref>/", views.poll, name="poll"),
    path("desk/elections/polls/<uuid:ref>/team/", views.open_team, name="open_team"),
    path("desk/elections/polls/<uuid:ref>/again/", views.poll_again, name="poll_again"),
    path("desk/elections/polls/<uuid:ref>/correct/", views.correct, name="correct"),
    path("desk/elections/corrections/<uuid:ref>/confirm/", views.confirm, name="confirm"),
    path("desk/elections/corrections/<uuid:ref>/refuse/", views.refuse, name="refuse"),
]
