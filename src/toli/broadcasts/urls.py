from django.urls import path

from toli.broadcasts import views

app_name = "broadcasts"
urlpatterns = [
    path("desk/pulse/", views.desk, name="desk"),
    path("desk/pulse/streams/<uuid:ref>/", views.stream, name="stream"),
    path("desk/pulse/new/<slug:kind>/<uuid:ref>/", views.new, name="new"),
    path("desk/pulse/releases/<uuid:ref>/", views.release, name="release"),
    path("desk/pulse/releases/<uuid:ref>/change/", views.change, name="change"),
    path("desk/pulse/releases/<uuid:ref>/approve/", views.approve, name="approve"),
    path("desk/pulse/releases/<uuid:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("me/pulse/", views.mine, name="mine"),
    path("me/pulse/addresses/", views.addresses, name="addresses"),
    path("me/pulse/follow/", views.follow, name="follow"),
]
