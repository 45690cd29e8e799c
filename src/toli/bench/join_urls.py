"""The addresses of the join bench's site: Toli's own and the peer, one bare view."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from toli.config import urls

TABLE = "CREATE TABLE bench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, words text)"
INSERT = "INSERT INTO bench_row (at, words) VALUES (clock_timestamp(), %s)"


def bare(request: HttpRequest) -> HttpResponse:
    """One row, one commit, a redirect; the middleware has found session, login and person as it does for us."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [request.GET.get("draft", "")])
    answer = HttpResponse(status=302)
    answer["Location"] = "/join/status/"
    return answer


urlpatterns = [path("bench/bare/", bare), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
