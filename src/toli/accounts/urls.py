from allauth.account import views as allauth_views
from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from toli.accounts import views

pages = (
    [
        path("login/", views.phone, name="phone"),
        path("login/kiosk/", views.kiosk, name="kiosk"),
        path("login/code/", views.code, name="code"),
        path("login/code/again/", views.code_again, name="code_again"),
        path("login/who/", views.who, name="who"),
        path("login/who/new/", views.one_more, name="one_more"),
        path("login/pin/", views.pin, name="pin"),
        path("login/pin/new/", views.new_pin, name="new_pin"),
        path("login/next/", views.onward, name="next"),
        path("login/finish/", views.finish, name="finish"),
        path("login/second/", views.second_factor, name="second_factor"),
        *([] if settings.ENV.production else [path("demo/enter/<str:token>", views.demo_door, name="demo_door")]),
    ],
    "accounts",
)

# allauth asks for its own pages by these names; only its second factor is used.
urlpatterns = [
    path("", include(pages)),
    path("login/second/", include("allauth.mfa.urls")),
    path("login/sessions/", include("allauth.usersessions.urls")),
    path("login/again/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("login/door/", RedirectView.as_view(pattern_name="accounts:phone"), name="account_login"),
    path("login/inactive/", RedirectView.as_view(pattern_name="accounts:phone"), name="account_inactive"),
    path("login/out/", RedirectView.as_view(pattern_name="accounts:finish"), name="account_logout"),
]
