from django.urls import path

from toli.delivery import views

app_name = "delivery"
urlpatterns = [
    path("hooks/sms/<slug:name>/", views.receipt, name="receipt"),
    path("hooks/<slug:provider>/<str:name>/", views.receipt, name="posted"),
    path("me/push/key/", views.push_key, name="push_key"),
    path("me/push/", views.push_subscribe, name="push_subscribe"),
    path("me/push/forget/", views.push_forget, name="push_forget"),
    path("desk/messages/", views.outbox, name="outbox"),
    path("desk/messages/<uuid:ref>/now/", views.send_now, name="send_now"),
    path("desk/channels/", views.channels, name="channels"),
    path("desk/channels/connect/<uuid:ref>/", views.connect, name="connect"),
    path("desk/channels/posts/<uuid:ref>/", views.settle, name="settle"),
    path("desk/channels/<uuid:ref>/", views.account, name="account"),
    path("desk/channels/<uuid:ref>/away/", views.take_away, name="take_away"),
]
