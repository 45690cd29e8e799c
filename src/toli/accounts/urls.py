from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from toli.accounts import views

pages = (
    [
        path("login/", views.phone, name="phone"),
        path("login/again/", views.again, name="again"),
        path("login/kiosk/", views.kiosk, name="kiosk"),
        path("login/kiosk/start/", views.kiosk_start, name="kiosk_start"),
        path("login/code/", views.code, name="code"),
        path("login/code/again/", views.code_again, name="code_again"),
        path("login/code/call/", views.code_call, name="code_call"),
        path("login/code/sent/", views.code_sent, name="code_sent"),
        path("login/who/", views.who, name="who"),
        path("login/who/new/", views.one_more, name="one_more"),
        path("login/pin/", views.pin, name="pin"),
        path("login/pin/new/", views.new_pin, name="new_pin"),
        path("login/next/", views.onward, name="next"),
        path("login/finish/", views.finish, name="finish"),
        path("login/second/", views.second_factor, name="second_factor"),
        path("camp/over/", views.camp_over, name="camp_over"),
        path("camp/<str:token>/", views.camp, name="camp"),
        path("me/security/", views.security, name="security"),
        path("me/security/everywhere/", views.end_all, name="end_all"),
        path("me/security/session/<int:pk>/", views.end_entry, name="end_entry"),
        path("me/security/phone/<uuid:ref>/", views.end_device, name="end_device"),
        *([] if settings.ENV.production else [path("demo/enter/<str:token>", views.demo_door, name="demo_door")]),
    ],
    "accounts",
)

# The names are allauth's, the pages ours: its code asks for them by these names.
second_proof = [
    path("me/security/proofs/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_index"),
    path("me/security/app/", views.set_up_app, name="mfa_activate_totp"),
    path("me/security/app/remove/", views.remove_app, name="mfa_deactivate_totp"),
    path("me/security/passkey/", views.add_passkey, name="mfa_add_webauthn"),
    path("me/security/passkey/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("me/security/codes/", views.see_codes, name="mfa_view_recovery_codes"),
    path("me/security/codes/new/", views.make_codes, name="mfa_generate_recovery_codes"),
    path("login/second/ask/", views.ask_proof, name="mfa_authenticate"),
    path("login/second/show/", views.show_proof, name="mfa_reauthenticate"),
    path("login/second/show/passkey/", views.show_passkey, name="mfa_reauthenticate_webauthn"),
]

urlpatterns = [
    path("", include(pages)),
    *second_proof,
    path("login/proof/", RedirectView.as_view(pattern_name="mfa_reauthenticate"), name="account_reauthenticate"),
    path("login/door/", RedirectView.as_view(pattern_name="accounts:phone"), name="account_login"),
    path("login/inactive/", RedirectView.as_view(pattern_name="accounts:phone"), name="account_inactive"),
    path("login/out/", RedirectView.as_view(pattern_name="accounts:finish"), name="account_logout"),
]
