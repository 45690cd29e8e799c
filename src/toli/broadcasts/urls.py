from django.urls import path

from toli.broadcasts.views import desk, mine

app_name = "broadcasts"
urlpatterns = [
    path("desk/pulse/", desk.desk, name="desk"),
    path("desk/pulse/streams/<uuid:ref>/", desk.stream, name="stream"),
    path("desk/pulse/new/<slug:kind>/<uuid:ref>/", desk.new, name="new"),
    path("desk/pulse/releases/<uuid:ref>/", desk.release, name="release"),
    path("desk/pulse/releases/<uuid:ref>/change/", desk.change, name="change"),
    path("desk/pulse/releases/<uuid:ref>/approve/", desk.approve, name="approve"),
    path("desk/pulse/releases/<uuid:ref>/withdraw/", desk.withdraw, name="withdraw"),
    path("me/pulse/", mine.mine, name="mine"),
    path("me/pulse/addresses/", mine.addresses, name="addresses"),
    path("me/pulse/follow/", mine.follow, name="follow"),
]
