from django.urls import path

from toli.org.views import changes, duplicates, tree
from toli.org.views import desk as views

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
    path("desk/seats/", views.seats, name="seats"),
    path("desk/seats/<uuid:ref>/offer/", views.offer, name="offer"),
    path("desk/appointments/<uuid:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/appointments/<uuid:ref>/end/", views.end, name="end"),
    path("desk/appointments/<uuid:ref>/suspend/", views.suspend, name="suspend"),
    path("desk/appointments/<uuid:ref>/restore/", views.restore, name="restore"),
    path("desk/units/", views.units, name="units"),
    path("desk/units/<uuid:ref>/", views.unit, name="unit"),
    path("desk/units/<uuid:ref>/move/", changes.reshape, {"act": "move"}, name="move_unit"),
    path("desk/units/<uuid:ref>/split/", changes.reshape, {"act": "split"}, name="split_unit"),
    path("desk/units/<uuid:ref>/merge/", changes.reshape, {"act": "merge"}, name="merge_unit"),
    path("desk/tree/", tree.tree, name="tree"),
    path("desk/tree/<uuid:ref>/", tree.below, name="below"),
    path("desk/changes/", changes.changes, name="changes"),
    path("desk/changes/<uuid:ref>/", changes.change, name="change"),
    path("desk/changes/<uuid:ref>/decide/", changes.decide, name="decide_change"),
    path("desk/changes/<uuid:ref>/call-off/", changes.call_off, name="call_off_change"),
    path("desk/changes/<uuid:ref>/undo/", changes.undo, name="undo_change"),
]
