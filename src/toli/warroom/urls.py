from django.urls import path

from toli.warroom import views

app_name = "warroom"
urlpatterns = [
    path("desk/board/", views.board, name="board"),
    path("desk/board/<uuid:ref>/", views.board, name="unit"),
    path("desk/board/<uuid:ref>/text/", views.board_text, name="text"),
    path("desk/board/<uuid:ref>/picture/", views.board_picture, name="picture"),
    path("desk/board/<uuid:ref>/ticker/", views.ticker, name="ticker"),
    path("desk/board/<uuid:ref>/shapes/", views.shapes, name="shapes"),
    path("desk/maps/", views.maps, name="maps"),
    path("desk/maps/load/", views.load_map, name="load_map"),
    path("desk/maps/<uuid:ref>/", views.map_report, name="map"),
    path("desk/maps/<uuid:ref>/remove/", views.remove_map, name="remove_map"),
    path("desk/maps/areas/<uuid:ref>/", views.match_shape, name="match_shape"),
    path("desk/polls/", views.polls, name="polls"),
    path("desk/polls/change/<uuid:ref>/", views.schedule, name="schedule"),
    path("desk/short/", views.short, name="short"),
    path("desk/short/<uuid:ref>/", views.short, name="short_in"),
    path("desk/shifts/", views.shifts, name="shifts"),
    path("desk/shifts/<uuid:ref>/", views.shifts, name="shifts_of"),
    path("desk/shifts/<uuid:ref>/roster/", views.make_roster, name="make_roster"),
    path("desk/shifts/<uuid:ref>/take/", views.take_shift, name="take_shift"),
    path("desk/shifts/drop/<uuid:ref>/", views.drop_shift, name="drop_shift"),
    path("desk/shifts/<uuid:ref>/hand-over/", views.hand_over, name="hand_over"),
    path("desk/urgent/", views.urgent, name="urgent"),
    path("desk/urgent/<uuid:ref>/", views.urgent_item, name="urgent_item"),
    path("desk/flags/<uuid:ref>/raise/", views.raise_flag, name="raise_flag"),
    path("desk/flags/<uuid:ref>/close/", views.close_flag, name="close_flag"),
]
