from django.urls import path

from toli.elections import views

app_name = "elections"
urlpatterns = [
    path("desk/elections/", views.polls, name="polls"),
    path("desk/elections/import/", views.bring_in, name="import"),
    path("desk/elections/polls/<uuid:ref>/", views.poll, name="poll"),
    path("desk/elections/polls/<uuid:ref>/team/", views.open_team, name="open_team"),
    path("desk/elections/polls/<uuid:ref>/correct/", views.correct, name="correct"),
    path("desk/elections/corrections/<uuid:ref>/confirm/", views.confirm, name="confirm"),
    path("desk/elections/corrections/<uuid:ref>/refuse/", views.refuse, name="refuse"),
]
