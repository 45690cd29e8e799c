"""The person's own page: see, take back with one tap, agree with one tap."""

from toli.consent import queries


def test_one_tap_takes_back_and_one_tap_agrees(chitra, agree):
    agree(chitra, "organise", "sms")
    page = chitra.client.get("/me/consents/")
    assert page.status_code == 200
    assert "/me/consents/sms/withdraw/" in page.content.decode()
    assert chitra.client.post("/me/consents/sms/withdraw/").status_code == 302
    assert not queries.has_consent(chitra.person.pk, "sms")
    assert chitra.client.post("/me/consents/sms/give/").status_code == 302
    assert queries.has_consent(chitra.person.pk, "sms")


def test_an_unknown_purpose_is_a_sentence_and_changes_nothing(chitra, agree, watch):
    agree(chitra, "organise")
    seen = watch()
    assert chitra.client.post("/me/consents/caste/give/").status_code == 422
    assert chitra.client.post("/me/consents/caste/withdraw/").status_code == 422
    assert seen.nothing_happened()


def test_a_stranger_sees_nothing_and_changes_nothing(client, notice, watch):
    seen = watch()
    for address in ("/me/consents/sms/give/", "/me/consents/sms/withdraw/"):
        assert client.post(address).status_code in (302, 403)
    assert client.get("/me/consents/").status_code in (302, 403)
    assert seen.nothing_happened()


def test_the_notice_is_open_to_all_in_both_languages(client, notice):
    assert "Your data" in client.get("/notice/", headers={"accept-language": "en"}).content.decode()
    client.cookies["language"] = "hi"
    text = client.get("/notice/").content.decode()
    assert "आपकी जानकारी" in text
    assert "डेटा संरक्षण अधिकारी" in text
