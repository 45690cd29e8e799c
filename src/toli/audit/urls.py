from django.urls import path

from toli.audit import views

app_name = "audit"
urlpatterns = [path("desk/records/", views.records, name="records")]
