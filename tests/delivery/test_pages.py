"""The desk's page of messages: states and reasons, never a name or a number."""

from toli.delivery import services

PARAMS = {"until": "x", "link": "y"}


def test_the_desk_sees_what_became_of_messages_and_no_person(first, asha, chitra, dev, agree, noon):
    agree(chitra, "organise", "sms")
    for member, key in ((chitra, "a"), (dev, "b")):
        services.queue(template="task", person=member.person, key=key, params=PARAMS, now=noon)
    services.send_due(now=noon)
    text = asha.client.get("/desk/messages/").content.decode()
    assert "Sent" in text
    assert "The person has not agreed to this." in text
    assert "Chitra" not in text
    assert "1000000003" not in text


def test_messages_can_be_filtered(first, asha, chitra, noon):
    services.queue(template="task", person=chitra.person, key="a", params=PARAMS, now=noon)
    assert "New work</span>" in asha.client.get("/desk/messages/?state=waiting").content.decode()
    assert "New work</span>" not in asha.client.get("/desk/messages/?state=sent").content.decode()
    assert asha.client.get("/desk/messages/?state=nonsense&page=abc").status_code == 200


def test_without_the_right_the_page_does_not_exist(first, bilal, ravi, client, db):
    assert bilal.client.get("/desk/messages/").status_code == 404
    assert ravi.client.get("/desk/messages/").status_code == 404
    assert client.get("/desk/messages/").status_code in (302, 404)
