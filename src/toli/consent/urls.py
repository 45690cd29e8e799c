from django.urls import path

from toli.consent import views

app_name = "consent"
urlpatterns = [
    path("me/consents/", views.mine, name="mine"),
    path("me/consents/<slug:purpose>/give/", views.give, name="give"),
    path("me/consents/<slug:purpose>/withdraw/", views.withdraw, name="withdraw"),
    path("notice/", views.notice, name="notice"),
]
