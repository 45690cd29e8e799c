from django.urls import path

from toli.delivery import views

app_name = "delivery"
urlpatterns = [
    path("hooks/sms/<slug:provider>/", views.receipt, name="receipt"),
    path("desk/messages/", views.outbox, name="outbox"),
    path("desk/messages/<uuid:ref>/now/", views.send_now, name="send_now"),
]
