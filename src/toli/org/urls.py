from django.urls import path

from toli.org.views import desk as views
from toli.org.views import duplicates

app_name = "org"
urlpatterns = [
    path("desk/people/", views.people, name="people"),
    path("desk/people/duplicates/", duplicates.pairs, name="duplicates"),
    path("desk/people/duplicates/look/", duplicates.look, name="look_for_duplicates"),
    path("desk/people/duplicates/<uuid:ref>/", duplicates.pair, name="duplicate"),
    path("desk/people/duplicates/<uuid:ref>/different/", duplicates.different, name="different"),
    path("desk/people/duplicates/<uuid:ref>/merge/", duplicates.merge, name="merge"),
    path("desk/people/merges/<uuid:ref>/undo/", duplicates.undo, name="undo_merge"),
    path("desk/people/<uuid:ref>/", views.person, name="person"),
    path("desk/people/<uuid:ref>/number/", views.reveal, name="reveal"),
    path("desk/seats/", views.seats, name="seats"),
    path("desk/seats/<uuid:ref>/offer/", views.offer, name="offer"),
    path("desk/appointments/<uuid:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/appointments/<uuid:ref>/end/", views.end, name="end"),
    path("desk/appointments/<uuid:ref>/suspend/", views.suspend, name="suspend"),
    path("desk/appointments/<uuid:ref>/restore/", views.restore, name="restore"),
    path("desk/units/", views.units, name="units"),
    path("desk/units/<uuid:ref>/", views.unit, name="unit"),
]
