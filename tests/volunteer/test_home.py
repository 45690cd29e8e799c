"""The front door."""

from datetime import timedelta

from django.utils import timezone

from toli.recruitment.models import Drive


def drive(tree, key, **times):
    now = timezone.now()
    return Drive.objects.create(
        key=key,
        names={"hi": f"अभियान {key}", "en": f"Drive {key}"},
        scope=tree.state,
        opens_at=now - timedelta(days=9),
        **times,
    )


def test_the_front_door_shows_what_can_be_joined_now(client, tree):
    drive(tree, "now")
    drive(tree, "over", closes_at=timezone.now() - timedelta(days=1))
    page = client.get("/", headers={"accept-language": "en"}).text
    assert "/join/now/" in page
    assert "/join/over/" not in page


def test_who_is_signed_in_goes_on_to_their_work(ravi, bilal):
    assert ravi.client.get("/").headers["Location"] == "/me/"
    assert bilal.client.get("/").headers["Location"] == "/desk/board/"
