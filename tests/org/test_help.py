"""Help to sign in: two officers for a lost second proof, one for a number without PIN, none for oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.utils import timezone
from tests import cast
from tests.accounts.conftest import digits

from toli.accounts import services as accounts
from toli.accounts.models import Holder, Login, LoginCode
from toli.kit.errors import NeedsSecondFactor, NotFound, WrongState
from toli.org import queries, services
from toli.org.models import Appointment, HelpConfirmation, SignInHelp
from toli.people.models import ContactPoint, Person

NEW = "+911000000888"


@pytest.fixture
def farah(tree):
    """A second officer of the district."""
    return cast.cast_member("Farah Ali", "+911000000007", tree.bhilwara, "district_team", "district_member")


def protect(member):
    TOTP.activate(member.person.holder.login, generate_totp_secret())
    return member


def has_proof(member) -> bool:
    return Authenticator.objects.filter(user_id=member.person.holder.login_id).exists()


def ask(member, at=None):
    return services.ask_for_proof(login_id=member.person.holder.login_id, now=at or timezone.now())


def confirm(member, asked, at=None):
    return services.confirm_help(actor=member.actor, ref=asked.ref, now=at or timezone.now())


# A lost second proof


def test_two_officers_above_clear_a_lost_second_proof_and_end_every_session(chitra, bilal, farah, watch):
    protect(chitra)
    seen, client = watch(), chitra.client
    asked = ask(chitra)
    confirm(bilal, asked)
    assert has_proof(chitra)
    assert client.get("/me/security/").status_code == 200
    confirm(farah, asked)
    assert not has_proof(chitra)
    assert client.get("/me/security/").status_code == 302
    assert seen.verbs() == [
        "org.help_asked", "org.help_confirmed", "org.help_confirmed", "accounts.factors_cleared",
        "accounts.ended_sessions", "org.help_given",
    ]  # fmt: skip


def test_the_same_officer_twice_is_one_officer(chitra, bilal, watch):
    protect(chitra)
    asked = ask(chitra)
    confirm(bilal, asked)
    seen = watch()
    with pytest.raises(WrongState):
        confirm(bilal, asked)
    assert has_proof(chitra)
    assert seen.nothing_happened()


def test_who_is_not_above_has_no_second_proof_or_asks_for_themselves_confirms_nothing(
    chitra, bilal, farah, dev, meera, ravi, watch
):
    protect(chitra)
    asked, own = ask(chitra), ask(protect(bilal))
    seen = watch()
    for member in (dev, meera, ravi, chitra):
        with pytest.raises(NotFound):
            confirm(member, asked)
    with pytest.raises(NotFound):
        confirm(bilal, own)
    with pytest.raises(NeedsSecondFactor):
        services.confirm_help(actor=farah.acting(second_factor=False), ref=asked.ref, now=timezone.now())
    assert not HelpConfirmation.objects.exists()
    assert seen.nothing_happened()


def test_an_officer_of_the_home_district_does_not_open_the_account_of_somebody_of_the_states_team(
    tree, bilal, farah, asha, watch
):
    """Sits at the state, lives in the district: only the state's officers stand above everything of them."""
    sunita = cast.CastMember(cast.add_person("Sunita Verma", "+911000000008", home=tree.booth), "")
    seat = cast.add_seat(tree.state, "state_team", "state_member", 2)
    cast.put_on_seat(sunita.person, seat)
    asked = ask(protect(sunita))
    seen = watch()
    for member in (bilal, farah):
        with pytest.raises(NotFound):
            confirm(member, asked)
        with pytest.raises(NotFound):
            services.clear_pin_of(actor=member.actor, person_ref=sunita.person.ref, now=timezone.now())
    assert seen.nothing_happened()
    confirm(asha, asked)


def test_asking_twice_is_one_request_and_the_person_takes_it_back(chitra, bilal, farah, watch):
    protect(chitra)
    asked = ask(chitra)
    assert ask(chitra) == asked
    confirm(bilal, asked)
    services.cancel_help(actor=chitra.actor, person=chitra.person, ref=asked.ref, now=timezone.now())
    seen = watch()
    with pytest.raises(WrongState):
        confirm(farah, asked)
    assert has_proof(chitra)
    assert seen.nothing_happened()


def test_nobody_takes_back_the_request_of_another(chitra, ravi, watch):
    asked = ask(protect(chitra))
    seen = watch()
    with pytest.raises(NotFound):
        services.cancel_help(actor=ravi.actor, person=ravi.person, ref=asked.ref, now=timezone.now())
    assert seen.nothing_happened()


def test_a_refusal_and_three_days_end_a_request(chitra, bilal, farah):
    protect(chitra)
    asked = ask(chitra)
    services.refuse_help(actor=bilal.actor, ref=asked.ref, reason="another voice", now=timezone.now())
    with pytest.raises(WrongState):
        confirm(farah, asked)
    second = ask(chitra)
    later = timezone.now() + timedelta(days=3, minutes=1)
    with pytest.raises(WrongState):
        confirm(farah, second, at=later)
    assert services.lapse_help(actor=cast.SYSTEM, now=later) == 1
    assert has_proof(chitra)


def test_two_confirmations_of_the_first_officer_remain_one_when_a_day_passes_between(chitra, bilal):
    protect(chitra)
    asked = ask(chitra)
    confirm(bilal, asked)
    with pytest.raises(WrongState):
        confirm(bilal, asked, at=timezone.now() + timedelta(days=1))


def test_between_code_and_second_proof_the_loss_is_said_and_taken_back(client, chitra, demo_here):
    protect(chitra)
    client.post("/login/", {"phone": chitra.number})
    answer = client.post("/login/code/", {"code": digits(LoginCode.objects.latest("id").ref)})
    assert answer.url == "/login/second/ask/"
    assert "/login/lost/" in client.get("/login/second/ask/").content.decode()
    assert client.get("/login/lost/").status_code == 200
    client.post("/login/lost/")
    asked = SignInHelp.objects.get()
    assert asked.person == chitra.person
    client.post(f"/me/security/help/{asked.ref}/cancel/")
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    assert "_auth_user_id" not in client.session


def test_without_a_proved_number_nobody_says_that_a_proof_is_lost(client, chitra, watch):
    protect(chitra)
    seen = watch()
    assert client.post("/login/lost/").url == "/login/"
    assert seen.nothing_happened()


# PIN


def test_a_coordinator_clears_a_forgotten_pin_from_the_persons_page(chitra, bilal, watch):
    accounts.set_pin(actor=cast.SYSTEM, holder_id=chitra.person.holder_id, pin="2580", cookie="", now=timezone.now())
    page = bilal.client.get(f"/desk/people/{chitra.person.ref}/").content.decode()
    assert f"/desk/people/{chitra.person.ref}/pin/" in page
    seen = watch()
    assert bilal.client.post(f"/desk/people/{chitra.person.ref}/pin/").status_code == 302
    assert seen.verbs() == ["accounts.pin_cleared"]
    assert not Holder.objects.get(pk=chitra.person.holder_id).has_pin


# A new number


@pytest.fixture
def demo_here(db):
    return accounts.create_deployment(is_demo=True, now=timezone.now())


@pytest.fixture
def family(ravi, tree):
    """Ravi with a PIN, and his sister on the same number."""
    now = timezone.now()
    accounts.set_pin(actor=cast.SYSTEM, holder_id=ravi.person.holder_id, pin="2580", cookie="", now=now)
    holder = accounts.add_holder(actor=cast.SYSTEM, login_id=ravi.person.holder.login_id, now=now)
    from toli.people import services as people

    sister = people.create_person(
        actor=cast.SYSTEM, holder=holder, number=ravi.number, name="Kamla Salvi", birth_year=1992, now=now
    )
    return cast.CastMember(sister, ravi.number)


def test_a_new_number_with_the_pin_moves_only_this_person_and_loses_nothing(
    ravi, family, demo_here, bilal, tree, watch
):
    seat = cast.add_seat(tree.booth, "booth_team", "booth_youth", 4)
    cast.put_on_seat(ravi.person, seat)
    here, other, sister = ravi.client, cast.logged_in(ravi.person, second_factor=False), family.client
    old = ContactPoint.objects.get(person=ravi.person, valid_to=None)
    here.post("/me/security/number/", {"phone": NEW})
    code = digits(LoginCode.objects.latest("id").ref)
    seen = watch()
    assert here.post("/me/security/number/code/", {"code": code, "pin": "9999"}).status_code == 422
    assert seen.nothing_happened()
    assert here.post("/me/security/number/code/", {"code": code, "pin": "2580"}).url == "/login/next/"
    assert here.get("/login/next/").status_code == 302
    assert here.get("/me/security/").status_code == 200
    assert here.session["holder_id"] == ravi.person.holder_id
    assert other.get("/me/security/").status_code == 302, "sessions of the old number ended"
    assert sister.get("/me/security/").status_code == 200, "only one person moves"
    old.refresh_from_db()
    assert old.valid_to is not None
    assert ContactPoint.objects.get(person=ravi.person, valid_to=None).last_digits == "888"
    assert ContactPoint.objects.get(person=family.person, valid_to=None).last_digits == "006"
    person = Person.objects.select_related("holder__login").get(pk=ravi.person.pk)
    assert person.holder.login.key == accounts.codes.queries.key_of(NEW)
    assert Holder.objects.filter(login=person.holder.login).count() == 1
    assert Appointment.objects.get(seat=seat).person == person
    assert {"accounts.holder_moved", "people.number_changed", "org.help_given"} <= set(seen.verbs())
    assert SignInHelp.objects.get().old_contact == old


def ends_in(member) -> str:
    return ContactPoint.objects.get(person=member.person, valid_to=None).last_digits


def pass_time(*, hours: float) -> int:
    """What the worker does so many hours from now."""
    return services.give_waiting(actor=cast.SYSTEM, now=timezone.now() + timedelta(hours=hours))


def ask_number(member) -> SignInHelp:
    login = accounts.add_login(phone=NEW, now=timezone.now()).login
    return services.ask_for_number(person=member.person, login_id=login.pk, number=NEW, now=timezone.now())


def test_without_the_pin_an_officer_says_who_it_is_and_the_old_number_has_a_day_to_stop_it(
    ravi, demo_here, bilal, dev, watch
):
    here = ravi.client
    here.post("/me/security/number/", {"phone": NEW})
    here.post("/me/security/number/code/", {"code": digits(LoginCode.objects.latest("id").ref), "pin": ""})
    asked = SignInHelp.objects.get()
    with pytest.raises(NotFound):
        confirm(dev, asked)
    confirm(bilal, asked)
    seen = watch()
    assert pass_time(hours=23) == 0
    assert (seen.nothing_happened(), ends_in(ravi), here.get("/me/security/").status_code) == (True, "006", 200)
    assert pass_time(hours=24.1) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.new_cipher, ends_in(ravi)) == ("done", None, "888")
    assert here.get("/me/security/").status_code == 302
    assert pass_time(hours=25) == 0


def test_the_old_number_stops_it_by_its_sms_with_one_button_and_without_signing_in(client, ravi, bilal, watch):
    asked = ask_number(ravi)
    confirm(bilal, asked)
    address = f"/n/{queries.stop_token(asked)}/"
    seen = watch()
    page = client.get(address).content.decode()
    assert ravi.person.name not in page
    assert seen.nothing_happened(), "phones look at links by themselves"
    assert client.post(address).status_code == 200
    assert seen.verbs() == ["org.help_cancelled"]
    assert (pass_time(hours=30), ends_in(ravi)) == (0, "006")
    assert client.post(address).status_code == 409, "over"
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t[:22], lambda t: "x"])
def test_a_forged_link_stops_nothing(client, ravi, spoil, watch):
    token, seen = queries.stop_token(ask_number(ravi)), watch()
    assert client.post(f"/n/{spoil(token)}/").status_code == 404
    assert seen.nothing_happened()
    assert SignInHelp.objects.get().state == "waiting"


def test_who_is_still_signed_in_with_the_old_number_stops_it_on_my_day(ravi, bilal):
    asked = ask_number(ravi)
    confirm(bilal, asked)
    assert f"/me/security/help/{asked.ref}/cancel/" in ravi.client.get("/me/").content.decode()
    ravi.client.post(f"/me/security/help/{asked.ref}/cancel/")
    assert (pass_time(hours=30), ends_in(ravi)) == (0, "006")


def test_a_second_officer_does_it_at_once(ravi, bilal, farah):
    asked = ask_number(ravi)
    confirm(bilal, asked)
    assert ends_in(ravi) == "006"
    confirm(farah, asked)
    assert (ends_in(ravi), pass_time(hours=30)) == ("888", 0)


@pytest.mark.parametrize("kind", ["number", "back"])
def test_one_officer_alone_never_opens_the_account_of_who_holds_a_sensitive_right(bilal, asha, kind, tree, watch):
    """Bilal coordinates a district: he opens numbers and lets people in."""
    sunita = cast.cast_member("Sunita Verma", "+911000000008", tree.state, "state_team", "state_member")
    if kind == "number":
        asked = ask_number(bilal)
    else:
        holder = bilal.person.holder
        asked = services.ask_to_come_back(login_id=holder.login_id, holder_ref=holder.ref, now=timezone.now())
    assert asked.needed == 2
    confirm(asha, asked)
    seen = watch()
    assert pass_time(hours=71) == 0
    assert (ends_in(bilal), seen.nothing_happened()) == ("002", True)
    confirm(sunita, asked)
    assert SignInHelp.objects.get().state == "done"


def test_who_got_a_sensitive_right_while_it_waited_needs_a_second_officer(ravi, bilal, tree):
    asked = ask_number(ravi)
    confirm(bilal, asked)
    seat = cast.add_seat(tree.sahara, "constituency_team", "constituency_lead")
    cast.put_on_seat(ravi.person, seat)
    assert (pass_time(hours=25), ends_in(ravi)) == (0, "006")
    asked.refresh_from_db()
    assert (asked.state, asked.needed, asked.waits_until) == ("waiting", 2, None)


def test_the_word_of_an_officer_who_was_suspended_meanwhile_counts_no_more(ravi, bilal, asha, farah):
    asked = ask_number(ravi)
    confirm(bilal, asked)
    services.suspend_now(actor=asha.actor, ref=bilal.appointment.ref, reason="sold numbers", now=timezone.now())
    assert (pass_time(hours=25), ends_in(ravi)) == (0, "006")
    confirm(farah, asked)
    assert ends_in(ravi) == "006", "hers is the first word now, and its hours begin"
    assert pass_time(hours=25) == 1


def test_what_cannot_be_given_any_more_is_closed_and_nothing_is_left_half_done(ravi, bilal):
    asked = ask_number(ravi)
    confirm(bilal, asked)
    Person.objects.filter(pk=ravi.person.pk).update(state="sealed")
    assert pass_time(hours=25) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.new_cipher, ends_in(ravi)) == ("lapsed", None, "006")


def come_in_with(client, number):
    client.post("/login/", {"phone": number})
    client.post("/login/code/", {"code": digits(LoginCode.objects.latest("id").ref)})
    client.get("/login/next/")


def test_whoever_comes_with_a_new_number_goes_on_as_who_they_were(client, ravi, family, demo_here):
    come_in_with(client, NEW)
    assert client.get("/login/moved/").status_code == 200
    given = {"phone": ravi.number, "name": "रवि साल्वी", "pin": "2580"}
    for wrong in ({"pin": "9999"}, {"name": "Somebody Else"}, {"phone": "+911000000555"}):
        page = client.post("/login/moved/", {**given, **wrong})
        assert page.status_code == 422
        assert "fit" in page.content.decode() or "मेल" in page.content.decode()
    assert client.post("/login/moved/", given).status_code == 302
    assert client.session["holder_id"] == ravi.person.holder_id
    assert client.get("/me/security/").status_code == 200
    assert ContactPoint.objects.get(person=ravi.person, valid_to=None).last_digits == "888"


def test_guessing_pins_of_others_from_a_new_number_ends_after_five(client, ravi, family, demo_here):
    come_in_with(client, NEW)
    given = {"phone": ravi.number, "name": "Ravi Salvi"}
    said = [client.post("/login/moved/", {**given, "pin": f"{n:04d}"}).status_code for n in range(1111, 1117)]
    assert said == [422] * 5 + [429]
    assert client.post("/login/moved/", {**given, "pin": "2580"}).status_code == 429


def test_the_answer_without_a_pin_is_the_same_for_who_is_here_and_who_is_not(client, ravi, demo_here):
    come_in_with(client, NEW)
    texts = []
    for name in ("Ravi Salvi", "Nobody Known"):
        client.post("/login/moved/", {"phone": ravi.number, "name": name, "pin": ""})
        texts.append([str(m) for m in client.get("/login/again/").context["messages"]])
    assert texts[0] == texts[1] != []
    assert SignInHelp.objects.get().person == ravi.person


def test_second_proofs_come_along_when_nobody_else_was_on_the_number(chitra, now_here):
    protect(chitra)
    new = accounts.add_login(phone=NEW, now=now_here).login
    services.change_number(actor=chitra.actor, person=chitra.person, login_id=new.pk, number=NEW, now=now_here)
    assert Authenticator.objects.get().user_id == new.pk


@pytest.fixture
def now_here():
    return timezone.now()


def test_a_sixth_person_does_not_move_to_a_full_number(ravi, now_here, watch):
    new = accounts.add_login(phone=NEW, now=now_here).login
    for n in range(5):
        holder = accounts.add_holder(actor=cast.SYSTEM, login_id=new.pk, now=now_here) if n else new.holders.get()
        Person.objects.create(holder=holder, name="x", created_at=now_here)
    seen = watch()
    from toli.kit.errors import LimitReached

    with pytest.raises(LimitReached):
        services.change_number(actor=ravi.actor, person=ravi.person, login_id=new.pk, number=NEW, now=now_here)
    assert ContactPoint.objects.get(person=ravi.person, valid_to=None).last_digits == "006"
    assert Holder.objects.get(pk=ravi.person.holder_id).epoch == 0
    assert seen.nothing_happened()


# Back after 90 days


def test_a_sleeper_without_pin_is_let_in_by_an_officer(client, ravi, bilal, demo_here):
    Holder.objects.filter(pk=ravi.person.holder_id).update(last_seen_at=timezone.now() - timedelta(days=100))
    come_in_with(client, ravi.number)
    client.post("/login/who/ask/", {"who": str(ravi.person.holder.ref)})
    asked = SignInHelp.objects.get()
    assert asked.kind == "back"
    confirm(bilal, asked)
    client.post("/login/who/", {"who": str(ravi.person.holder.ref)})
    assert client.session["holder_id"] == ravi.person.holder_id


# Lists


def test_the_desk_shows_who_waits_to_those_above_only(chitra, bilal, dev, meera):
    asked = ask(protect(chitra))
    assert str(asked.ref) in bilal.client.get("/desk/help/").content.decode()
    assert str(asked.ref) not in dev.client.get("/desk/help/").content.decode()
    assert meera.client.get("/desk/help/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_do_it_once():
    from tests.accounts.test_races import at_once

    tree = cast.plant_tree()
    chitra = cast.cast_member("Chitra Gurjar", "+911000000003", tree.booth, "booth_team", "booth_lead")
    officers = [
        cast.cast_member(f"Officer {n}", f"+91100000010{n}", tree.bhilwara, "district_team", role)
        for n, role in enumerate(("district_coordinator", "district_member"))
    ]
    asked = ask(protect(chitra))
    at_once(4, lambda i: _swallow(lambda: confirm(officers[i % 2], asked)))
    assert HelpConfirmation.objects.count() == 2
    assert not has_proof(chitra)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_record WHERE verb = 'org.help_given'")
        assert cursor.fetchone()[0] == 1
    assert Login.objects.count() == 3


def _swallow(act):
    try:
        return act()
    except WrongState:
        return None


def test_requests_are_found_for_the_person_page(chitra, bilal, now_here):
    asked = ask(protect(chitra))
    [row] = queries.waiting_help(bilal.actor, now=now_here + timedelta(minutes=1), person=chitra.person)
    assert (row.help, row.confirmed, row.by_me) == (asked, 0, False)
