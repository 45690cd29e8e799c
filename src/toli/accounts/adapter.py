"""What allauth may do here: open sessions, list them, and ask the second factor. Numbers and codes are ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from toli.accounts import sessions
from toli.kit import secrets


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves; allauth would greet people by an internal number."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:next")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:phone")

    def get_user_display(self, user: AbstractBaseUser) -> str:
        return str(_("You"))

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Changing a second proof needs the second proof itself, shown minutes ago. The first one needs a fresh code:
        `views.factors` asks for that."""
        return not sessions.second_factor_is_fresh(self.request, now=timezone.now())

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody here has an e-mail address."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of app codes and recovery codes under the keyring instead of in the clear."""

    def encrypt(self, text: str) -> str:
        sealed = secrets.encrypt(text, context="second-factor")
        return f"{sealed.key_version}:{sealed.cipher.hex()}"

    def decrypt(self, encrypted_text: str) -> str:
        version, _colon, cipher = encrypted_text.partition(":")
        return secrets.decrypt(bytes.fromhex(cipher), int(version), context="second-factor")
