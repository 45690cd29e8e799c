from django.contrib.auth.decorators import login_required
from django.urls import path

from toli.broadcasts import views

app_name = "broadcasts"
urlpatterns = [
    path("desk/pulse/", login_required(views.desk), name="desk"),
    path("desk/pulse/streams/<uuid:ref>/", login_required(views.stream), name="stream"),
    path("desk/pulse/new/<slug:kind>/<uuid:ref>/", login_required(views.new), name="new"),
    path("desk/pulse/releases/<uuid:ref>/", login_required(views.release), name="release"),
    path("desk/pulse/releases/<uuid:ref>/change/", login_required(views.change), name="change"),
    path("desk/pulse/releases/<uuid:ref>/approve/", login_required(views.approve), name="approve"),
    path("desk/pulse/releases/<uuid:ref>/withdraw/", login_required(views.withdraw), name="withdraw"),
    path("me/pulse/", login_required(views.mine), name="mine"),
    path("me/pulse/addresses/", login_required(views.addresses), name="addresses"),
    path("me/pulse/follow/", login_required(views.follow), name="follow"),
]
