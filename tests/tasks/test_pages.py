"""Every page of tasks answers, in both languages, to whom it should and to nobody else."""

from __future__ import annotations

import pytest


def page(member, url, language="en", **data):
    return member.browser(second_factor=True, language=language).get(url, data)


def post(member, url, htmx=False, **data):
    headers = {"HX-Request": "true"} if htmx else {}
    return member.browser(second_factor=True).post(url, data, headers=headers)


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_desk_pages_open_for_a_coordinator(bilal, handed_in, task, language):
    for url in (
        "/desk/tasks/", "/desk/tasks/give/", "/desk/tasks/exceptions/", f"/desk/tasks/{task.ref}/",
        f"/desk/tasks/shares/{handed_in.ref}/",
    ):  # fmt: skip
        answer = page(bilal, url, language)
        assert answer.status_code == 200, url
        assert (task.title[language] in answer.text) or url.endswith("give/")
