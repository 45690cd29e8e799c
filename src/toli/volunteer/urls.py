from django.urls import path

from toli.volunteer import views

app_name = "volunteer"
urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.day, name="day"),
    path("me/app.webmanifest", views.manifest, name="manifest"),
    path("me/worker.js", views.worker, name="worker"),
    path("me/offline/", views.offline, name="offline"),
    path("me/welcome/", views.welcome, name="welcome"),
    path("me/seat/", views.seat, name="seat"),
    path("me/seat/<uuid:ref>/accept/", views.accept, name="accept"),
    path("me/seat/<uuid:ref>/decline/", views.decline, name="decline"),
    path("me/seat/<uuid:ref>/leave/", views.leave, name="leave"),
    path("me/seat/<uuid:ref>/claim/", views.claim, name="claim"),
    path("me/seat/<uuid:ref>/not-me/", views.not_me, name="not_me"),
    path("me/votes/<uuid:ref>/", views.say_elector, name="say_elector"),
    path("me/data/", views.my_data, name="my_data"),
    path("me/data/correct/", views.correct, name="correct"),
    path("me/data/download/", views.download, name="download"),
    path("me/data/erase/", views.erase, name="erase"),
]
