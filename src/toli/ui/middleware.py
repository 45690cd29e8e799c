"""Turns a refusal of a service into the page that explains it. Bad input never becomes a 500."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from toli.kit.errors import NeedsSecondFactor, ToliError
from toli.ui.views import error_page


class ErrorsMiddleware:
    """A ToliError that no view caught becomes its status with its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ToliError):
            return None
        wait = getattr(error, "retry_after", None)
        needs_proof = isinstance(error, NeedsSecondFactor)
        return error_page(request, error.status, sentence=str(error), retry_after=wait, needs_proof=needs_proof)
