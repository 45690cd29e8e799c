"""Who may open which address: one line for each thing that an address does.

A row says how the address is made from the world of `world.py`, what is sent, who may, and what the others get.
The others get 404 where nothing else is said, exactly as for what does not exist; nobody signed in is led to the
login or gets 404 too. What a POST records is named, so that a page which only looks as if it worked does not pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from tests.house import interview_world as interviews
from tests.house import shape_world as shape
from tests.house import world

from toli.accounts.queries import camp_token
from toli.delivery.hook_secrets import hook_secret
from toli.org.queries import stop_token
from toli.ui.offline import phone_key

World = SimpleNamespace
CAST = ("asha", "bilal", "chitra", "meera", "dev", "ravi", "anonymous")

# Addresses without a row, with the reason.
LEFT_OUT = {
    "mfa_": "allauth's ceremonies in our pages; tried in tests/accounts/test_factors.py and test_passkeys.py",
    "org:lost_proof": "between the code and the second proof, for nobody who is in: tests/org/test_help.py",
    "org:ask_return": "after the code of a number that slept, for nobody who is in: tests/org/test_help.py",
    "recruitment:call_next": "answers by the hour of the day: tests/recruitment/test_call_backs.py",
    "account_": "allauth asks for these names; they lead on to ours",
    "accounts:demo_door": "opens by a signed token only, and not at all outside a demo: tests/accounts",
}


@dataclass(frozen=True)
class Row:
    name: str
    """The name of the address, `room:view`."""
    may: str
    """Who may, from CAST."""
    args: Callable[[World], list[Any]] = lambda w: []
    query: Callable[[World], dict[str, Any]] = lambda w: {}
    post: Callable[[World], Any] | None = None
    """What is sent; None when the row only reads."""
    answer: int = 0
    """The status for those who may: 200 for a page, 302 after a POST."""
    htmx: int = 0
    """The status for htmx where it differs: a fragment."""
    records: str = ""
    """The verb a POST records."""
    writes: bool = True
    """False for a POST that keeps nothing."""
    others: dict[str, int] = field(default_factory=dict)
    """Status for those who may not, where it is not 404."""
    elsewhere: str = ""
    """Who may do it at home: to them what the form names is refused, not the form."""
    proof: bool = False
    """A sensitive right: 403 without a second proof."""
    shows: Callable[[World], str] | None = None
    """Stands on the page of the first who may ..."""
    blind: str = "dev"
    """... and not on the page of these, though they may open it."""
    foreign: Callable[[World], dict[str, Any]] | None = None
    """What names things of another's charge, in place of `post`, or of `query` where the row reads: refused."""
    asks: str = "dev"
    """Who asks for the foreign thing."""
    headers: Callable[[World], dict[str, str]] = lambda w: {}

    @property
    def expected(self) -> int:
        return self.answer or (302 if self.post else 200)

    @property
    def id(self) -> str:
        return f"{self.name} {'POST' if self.post else 'GET'}"


MEMBERS = "asha bilal chitra meera dev ravi"
SEATED = "asha bilal chitra meera dev"
ALL = f"{MEMBERS} anonymous"
LOOKERS = "asha bilal chitra meera"  # at the booth
LOOKERS_ABOVE = "asha bilal meera"  # at the district and the constituency
LEADERS = "asha bilal"
BACK_IN = dict.fromkeys(MEMBERS.split(), 302)


def key_of(person: Any) -> str:
    """What a phone is told to know the person by."""
    return phone_key(SimpleNamespace(actor=SimpleNamespace(person_ref=person.ref, seen_as_id=None), session={}))


def ref(name: str, *before: str) -> Callable[[World], list[Any]]:
    """The address's one ref: of `w.name`, or of `w.tree.name`."""
    return lambda w: [*before, (getattr(w, name, None) or getattr(w.tree, name)).ref]


def sends(**values: Any) -> Callable[[World], dict[str, Any]]:
    return lambda w: values


def appointment(name: str) -> Callable[[World], list[Any]]:
    return lambda w: [getattr(w, name).appointment.ref]


def code(name: str) -> Callable[[World], list[Any]]:
    """The code of an interview's link."""
    return lambda w: [getattr(w, name).code]


def unit(name: str) -> Callable[[World], dict[str, Any]]:
    return lambda w: {"unit": str(getattr(w.tree, name).ref)}


UI = [
    Row("ui:language", ALL, lambda w: ["en"], answer=302),
    Row("ui:saver", ALL, answer=302),
    Row("ui:gallery", ALL),
]

ACCOUNTS = [
    Row("accounts:phone", "anonymous", others=BACK_IN),
    Row("accounts:phone", ALL, post=sends(phone="1000000977")),
    Row("accounts:kiosk", ALL, answer=302),
    Row("accounts:code", ALL, answer=302),
    Row("accounts:code", ALL, post=sends(code="123456"), writes=False),
    Row("accounts:code_again", ALL, post=sends(), writes=False),
    Row("accounts:who", MEMBERS),
    Row("accounts:who", MEMBERS, post=sends(who="x"), answer=422, writes=False),
    Row("accounts:one_more", MEMBERS, post=sends(initial="A"), records="accounts.holder_added"),
    Row("accounts:pin", ALL, answer=302),
    Row("accounts:pin", ALL, post=sends(pin="1234"), writes=False),
    Row("accounts:new_pin", MEMBERS, answer=302),
    Row("accounts:new_pin", MEMBERS, post=sends(pin="4821"), writes=False),
    Row("accounts:next", MEMBERS, answer=302),
    Row("accounts:finish", ALL),
    Row("accounts:finish", ALL, post=sends(), answer=200, writes=False),
    Row("accounts:second_factor", MEMBERS),
    Row("accounts:again", MEMBERS),
    Row("accounts:kiosk_start", ALL, answer=302),
    Row("accounts:code_call", ALL, post=sends(), writes=False),
    Row("accounts:code_sent", ALL, post=sends(), writes=False),
    Row("accounts:camp", ALL, lambda w: [camp_token(w.camp)]),
    Row("accounts:camp", "anonymous", lambda w: [camp_token(w.camp)], post=sends(), writes=False,
        others=dict.fromkeys(MEMBERS.split(), 302)),
    Row("accounts:camp_over", ALL, answer=410),
    Row("accounts:security", MEMBERS),
    Row("accounts:end_all", MEMBERS, post=sends(), records="accounts.ended_sessions"),
    Row("accounts:end_entry", "ravi", lambda w: [w.ravis_entry], post=sends(), records="accounts.ended_session"),
    Row("accounts:end_device", "ravi", lambda w: [w.ravis_phone.ref], post=sends(), records="accounts.ended_trust"),
]  # fmt: skip

ORG = [
    Row("org:people", "bilal asha chitra dev", shows=lambda w: "Ravi Salvi"),
    Row("org:people", "bilal asha chitra dev", query=sends(q="ravi"), shows=lambda w: "Ravi Salvi"),
    Row("org:person", "asha bilal chitra", ref_of_person := lambda w: [w.ravi.person.ref]),
    Row("org:duplicates", "bilal asha dev", shows=lambda w: str(w.pair.ref)),
    Row("org:look_for_duplicates", "asha bilal dev", post=sends(), proof=True, records="people.duplicates_sought"),
    Row("org:duplicate", LEADERS, ref("pair"), proof=True),
    Row("org:different", LEADERS, ref("pair"), post=sends(), proof=True, records="people.called_different"),
    Row("org:merge", LEADERS, ref("pair"), post=lambda w: {"keep": w.ravi.person.ref, "name": "kept"}, proof=True,
        records="people.merged"),
    Row("org:undo_merge", LEADERS, ref("joined"), post=sends(), proof=True, records="people.merge_undone"),
    Row("org:moved", MEMBERS, answer=302),
    Row("org:moved", MEMBERS, post=sends(phone="1000000977", name="X"), writes=False),
    Row("org:new_number", MEMBERS),
    Row("org:new_number", MEMBERS, post=sends(phone="1000000976")),
    Row("org:prove_number", MEMBERS, answer=302),
    Row("org:prove_number", MEMBERS, post=sends(code="123456", pin="2580"), writes=False),
    Row("org:my_help", MEMBERS),
    Row("org:cancel_help", "ravi", ref("ravis_help"), post=sends(), records="org.help_cancelled"),
    Row("org:stop_number", ALL, lambda w: [stop_token(w.number_asked)], shows=lambda w: "Was it you?", blind=""),
    Row("org:stop_number", ALL, lambda w: [stop_token(w.number_asked)], post=sends(), answer=200,
        records="org.help_cancelled"),
    Row("org:help", "bilal asha dev", shows=lambda w: str(w.ravis_help.ref)),
    Row("org:confirm_help", LEADERS, ref("ravis_help"), post=sends(), proof=True, records="org.help_confirmed"),
    Row("org:refuse_help", LEADERS, ref("ravis_help"), post=sends(reason="another voice"), proof=True,
        records="org.help_refused"),
    Row("org:clear_pin", LEADERS, ref_of_person, post=sends(), proof=True, records="accounts.pin_cleared"),
    Row("org:sign_out", LEADERS, ref_of_person, post=sends(), proof=True, records="accounts.ended_sessions"),
    Row("org:camps", "bilal asha dev", shows=lambda w: str(w.camp.ref)),
    Row("org:new_camp", LEADERS, ref("bhilwara")),
    Row("org:new_camp", LEADERS, ref("bhilwara"), post=sends(hours="6", max_uses="50"), records="org.camp_opened"),
    Row("org:camp", LEADERS, ref("camp")),
    Row("org:end_camp", LEADERS, ref("camp"), post=sends(), records="org.camp_ended"),
    Row("org:seats", SEATED, shows=lambda w: str(w.vacancy.ref), blind="chitra meera dev", foreign=unit("booth")),
    Row("org:offer", LEADERS, ref("vacancy"), shows=lambda w: "Neelam Sharma"),
    Row("org:offer", LEADERS, ref("vacancy"), post=lambda w: {"person": w.neelam.person.ref}, records="org.offered"),
    Row("org:offer", "asha dev", ref("far_vacancy"), post=lambda w: {"person": w.tara.person.ref},
        records="org.offered", foreign=lambda w: {"person": w.neelam.person.ref}),
    Row("org:offer", "asha", ref("high_vacancy"), post=lambda w: {"person": w.neelam.person.ref}, proof=True,
        records="org.offered", others={"bilal": 403}),
    Row("org:offer", LEADERS, lambda w: [w.chitra.seat.ref], records="org.handed_over",
        post=lambda w: {"hand_over": w.chitra.appointment.ref, "person": w.neelam.person.ref, "days": "3"}),
    Row("org:offer", "asha dev", ref("far_vacancy"), post=lambda w: {"person": w.tara.person.ref},
        records="org.offered",
        foreign=lambda w: {"hand_over": w.chitra.appointment.ref, "person": w.tara.person.ref, "days": "3"}),
    Row("org:withdraw", LEADERS, ref("offer"), post=sends(), records="org.offer_withdrawn"),
    Row("org:end", "asha bilal chitra", appointment("chitra"), post=sends(reason="moved"), records="org.ended"),
    Row("org:suspend", LEADERS, appointment("chitra"), post=sends(reason="shared a list"), records="org.suspended"),
    Row("org:restore", LEADERS, appointment("leaver"), post=sends(), records="org.restored"),
    Row("org:units", SEATED, answer=302),
    Row("org:unit", LOOKERS, ref("booth"), shows=lambda w: "Borana 1"),
    Row("org:unit", LOOKERS_ABOVE, ref("bhilwara"), query=sends(q="borana"), shows=lambda w: "Borana 2"),
    Row("org:imports", "asha", shows=lambda w: "checked.csv", blind=""),
    Row("org:import_new", "asha"),
    Row("org:import_new", "asha", post=lambda w: world.upload(), records="org.import_started", proof=True),
    Row("org:import", "asha", ref("import_checked"), htmx=200, proof=True),
    Row("org:import_columns", "asha", ref("import_waiting"), proof=True),
    Row("org:import_columns", "asha", ref("import_waiting"), post=lambda w: world.columns_form(), proof=True),
    Row("org:import_load", "asha", ref("import_checked"), post=sends(), proof=True, records="org.import_started"),
    Row("org:import_stop", "asha", ref("import_waiting"), post=sends(), proof=True, records="org.import_stopped"),
    Row("org:import_undo", "asha", ref("import_loaded"), proof=True),
    Row("org:import_undo", "asha", ref("import_loaded"), post=sends(), proof=True, records="org.import_undone"),
    Row("org:import_rejects", "asha", ref("import_checked"), proof=True),
    Row("org:import_mapping", "asha", ref("import_checked"), proof=True),
    Row("org:import_pairs", "asha", ref("import_stations"), proof=True),
    Row("org:import_decide", "asha", ref("import_stations"), proof=True,
        post=lambda w: {"pair": w.station_pair.pk, "decision": "new"}),
    Row("org:import_decide_many", "asha", ref("import_stations"), post=sends(act="new"), proof=True, writes=False),
    Row("org:import_apply", "asha", ref("import_stations"), post=sends(), proof=True, records="org.stations_renewed"),
    Row("audit:records", "bilal asha dev", shows=lambda w: "Bhilwara"),
]  # fmt: skip

STATE_LOOKS = {"meera": 403}
SHAPE = [
    Row("org:tree", SEATED, query=sends(q="borana 1"), shows=lambda w: "Borana 1"),
    Row("org:below", LOOKERS_ABOVE, ref("bhilwara")),
    Row("org:move_unit", "asha", ref("raipur"), proof=True),
    Row("org:move_unit", "asha", ref("raipur"), post=lambda w: shape.move_to(w.tree.vallabhnagar), proof=True,
        records="org.change_drafted"),
    Row("org:split_unit", "asha", ref("sahara"), proof=True),
    Row("org:merge_unit", "asha", ref("raipur"), proof=True),
    Row("org:split_unit", "asha", ref("sahara"), post=lambda w: shape.split_form(w), proof=True,
        records="org.change_drafted"),
    Row("org:merge_unit", "asha", ref("raipur"), post=lambda w: shape.move_to(w.tree.bhinder), proof=True,
        records="org.change_drafted"),
    Row("org:changes", "asha", shows=lambda w: str(w.draft_change.ref)),
    Row("org:changes", "asha", post=lambda w: shape.sheet("code,new parent\neci:S20/179,x\n", title="T",
        on=shape.today()), answer=422, proof=True, writes=False),
    Row("org:change", "asha meera", ref("draft_change")),
    Row("org:decide_change", "asha", ref("draft_change"), post=sends(), proof=True, records="org.reorganised",
        others=STATE_LOOKS),
    Row("org:call_off_change", "asha", ref("draft_change"), post=sends(), proof=True,
        records="org.change_cancelled", others=STATE_LOOKS),
    Row("org:undo_change", "asha", ref("done_change"), post=sends(), proof=True, records="org.change_undone",
        others=STATE_LOOKS),
    Row("org:delegations", MEMBERS),
    Row("org:give_delegation", "bilal", appointment("bilal"), query=sends(q="chitra"),
        shows=lambda w: "Chitra Gurjar"),
    Row("org:give_delegation", "bilal", appointment("bilal"), query=sends(q="chitra"),
        post=lambda w: shape.rights_form(w), records="org.delegated"),
    Row("org:end_delegation", LEADERS, ref("delegation"), post=sends(), records="org.delegation_ended"),
    Row("org:see_as", "asha", lambda w: [w.chitra.seat.ref], post=sends(), proof=True, records="org.seeing_begun"),
    Row("org:end_seeing", MEMBERS, post=sends(), writes=False),
    Row("org:norms", "asha"),
    Row("org:norms", "asha", post=lambda w: shape.norm_form(w), proof=True, records="org.seats_opened"),
    Row("org:end_norm", "asha", ref("norm"), post=sends(), proof=True, records="org.norm_ended"),
    Row("org:directory", SEATED),
    Row("org:directory_import", "asha"),
    Row("org:directory_import", "asha", post=lambda w: shape.terms_sheet(), answer=200, proof=True,
        records="org.terms_listed"),
    Row("org:handles", SEATED, shows=lambda w: "example_one", blind="chitra dev"),
    Row("org:handles", "asha", post=lambda w: shape.handle_form(w), proof=True, records="org.handle_declared",
        others=dict.fromkeys(["bilal", "chitra", "meera", "dev"], 403)),
    Row("org:handle", LOOKERS_ABOVE, ref("declared")),
    Row("org:confirm_handle", "asha", ref("declared"), post=sends(), proof=True, records="org.handle_confirmed"),
    Row("org:end_handle", "asha", ref("official"), post=sends(), proof=True, records="org.handle_ended"),
    Row("org:name_operator", "asha", ref("official"), post=lambda w: {"person": w.bilal.person.ref}, proof=True,
        records="org.operator_named"),
    Row("org:end_operator", "asha", ref("official"), post=lambda w: {"person": w.bilal.person.ref}, proof=True,
        writes=False),
    Row("org:public_handles", ALL, shows=lambda w: "example_two", blind=""),
    Row("org:work_places", MEMBERS, query=sends(q="kanod"), shows=lambda w: "Kanod 1", blind=""),
    Row("org:wish_to_work", MEMBERS, post=unit("far_booth"), records="org.work_wished"),
    Row("org:end_work_wish", MEMBERS, post=unit("far_booth"), writes=False),
]  # fmt: skip

CONSENT = [
    Row("consent:mine", MEMBERS),
    Row("consent:give", MEMBERS, lambda w: ["calls"], post=sends(), htmx=200, records="consent.given"),
    Row("consent:withdraw", MEMBERS, lambda w: ["sms"], post=sends(), htmx=200, records="consent.withdrawn"),
    Row("consent:notice", ALL),
    Row("consent:reveal", LEADERS, ref_of_person, proof=True),
    Row("consent:reveal", LEADERS, ref_of_person, post=sends(reason="task", words="the wall"), answer=200, proof=True,
        records="people.revealed"),
    Row("consent:privacy", LEADERS, ref_of_person),
    Row("consent:correct", LEADERS, ref_of_person, records="people.corrected",
        post=sends(name="Ravi Salvi", birth_year="1991", words="typed wrong")),
    Row("consent:copy", "asha", ref_of_person, post=sends(words="asked for it"), answer=200, proof=True,
        records="people.exported"),
    Row("consent:seal", "asha", ref_of_person, post=sends(words="asked for it"), proof=True, records="people.sealed"),
    Row("consent:hold", "asha", ref_of_person, post=sends(words="a case", until="2040-01-01"), proof=True,
        records="people.held"),
    Row("consent:lift_hold", "asha", ref("hold"), post=sends(), proof=True, records="people.hold_lifted"),
    Row("consent:erasures", "asha", shows=lambda w: str(w.sealed.ref)),
    Row("consent:erasure", "asha", ref("sealed"), proof=True),
    Row("consent:erase", "asha", ref("sealed"), post=sends(), proof=True, records="people.purged"),
    Row("consent:public_proof", ALL, ref("sealed")),
    Row("consent:complaints", MEMBERS),
    Row("consent:complain", MEMBERS),
    Row("consent:complain", MEMBERS, post=sends(kind="other", words="the page is slow", about=""),
        records="consent.grievance_filed"),
    Row("consent:complain_again", "ravi", ref("answered"), post=sends(), records="consent.grievance_reopened"),
    Row("consent:settle", "ravi", ref("answered"), post=sends(), records="consent.grievance_closed"),
    Row("consent:complaints_desk", "asha", shows=lambda w: w.complaint.receipt),
    Row("consent:complaint", "asha", ref("complaint"), proof=True),
    Row("consent:acknowledge", "asha", ref("complaint"), post=sends(), proof=True,
        records="consent.grievance_acknowledged"),
    Row("consent:answer", "asha", ref("complaint"), post=sends(answer="we spoke to him"), proof=True,
        records="consent.grievance_answered"),
    Row("consent:breaches", "asha", shows=lambda w: str(w.breach.ref)),
    Row("consent:breach_new", "asha", proof=True),
    Row("consent:breach_new", "asha", post=lambda w: world.breach_form(), proof=True, records="consent.breach_opened"),
    Row("consent:breach", "asha", ref("breach"), proof=True),
    Row("consent:breach_persons", "asha", ref("breach"), post=sends(how="everybody"), proof=True,
        records="consent.breach_persons_added"),
    Row("consent:breach_tell", "asha", ref("breach"), post=sends(), proof=True, records="consent.breach_told"),
    Row("consent:breach_board", "asha", ref("breach"), post=sends(full="1"), proof=True,
        records="consent.breach_board_full"),
    Row("consent:breach_close", "asha", ref("told_breach"), post=sends(), proof=True, records="consent.breach_closing"),
    Row("consent:breach_confirm", "asha", ref("closing_breach"), post=sends(), proof=True,
        records="consent.breach_closed"),
    Row("consent:breach_report", "asha", ref("breach"), proof=True),
]  # fmt: skip

ELECTIONS = [
    Row("elections:polls", SEATED, shows=lambda w: "Sahara", blind="chitra dev"),
    Row("elections:import", "asha"),
    Row("elections:import", "asha", post=lambda w: world.schedule(), answer=200, proof=True,
        records="elections.schedule_imported"),
    Row("elections:poll", LOOKERS_ABOVE, ref("poll")),
    Row("elections:open_team", "asha", ref("poll"), post=sends(), proof=True, records="org.seats_opened",
        others={"bilal": 403, "meera": 403}),
    Row("elections:correct", "asha", ref("other_poll"), proof=True, records="elections.correction_proposed",
        post=sends(day="2031-04-18", opens="07:00", closes="16:00", status="scheduled", notification="notification 3")),
    Row("elections:poll_again", "asha", ref("other_poll"), proof=True, records="elections.repoll_added",
        post=sends(day="2031-05-18", opens="07:00", closes="18:00", notification="notification 3")),
    Row("elections:calendar", SEATED, shows=lambda w: "Sahara", blind="chitra dev"),
    Row("elections:clock", LOOKERS_ABOVE, ref("sahara"), shows=lambda w: "notification 1/2031", blind=""),
    Row("elections:clock_of", SEATED, query=lambda w: {"constituency": w.tree.sahara.ref},
        shows=lambda w: "hx-get", blind="dev"),
    Row("elections:election", "asha bilal meera dev", ref("dated_election")),
    Row("elections:change_dates", "asha", ref("election"), proof=True, records="elections.dates_proposed",
        post=sends(counting_on="2032-05-18", notification="notification 3")),
    Row("elections:confirm_dates", "asha", ref("dates"), post=sends(), proof=True, records="elections.dates_corrected"),
    Row("elections:refuse_dates", "asha", ref("dates"), post=sends(), proof=True, records="elections.dates_refused"),
    Row("elections:rules", SEATED),
    Row("elections:switch", "asha", proof=True, records="elections.switch_proposed",
        post=sends(rule="silence", off="on", reason="advice of counsel of 9 April")),
    Row("elections:confirm_switch", "asha", ref("switch"), post=sends(), proof=True,
        records="elections.rule_switched_off"),
    Row("elections:refuse_switch", "asha", ref("switch"), post=sends(), proof=True, records="elections.switch_refused"),
    Row("elections:confirm", "asha", ref("correction"), post=sends(), proof=True, records="elections.poll_corrected"),
    Row("elections:refuse", "asha", ref("correction"), post=sends(), proof=True,
        records="elections.correction_refused"),
]  # fmt: skip

DELIVERY = [
    Row("delivery:receipt", ALL, lambda w: ["first"], post=lambda w: world.receipt(w), answer=200,
        headers=lambda w: {"X-Signature": world.signature(w)}),
    Row("delivery:posted", ALL, lambda w: ["telegram", "bot"], post=lambda w: shape.bot_update(), answer=200,
        headers=lambda w: {"X-Telegram-Bot-Api-Secret-Token": hook_secret("telegram", "bot")}),
    Row("delivery:push_key", MEMBERS),
    Row("delivery:push_subscribe", MEMBERS, post=lambda w: shape.browser_of_mine(), answer=200,
        records="delivery.way_opened"),
    Row("delivery:push_forget", MEMBERS, post=sends(endpoint="https://fcm.googleapis.com/x"), answer=200, writes=False),
    Row("delivery:outbox", "asha"),
    Row("delivery:send_now", "asha", ref("message"), post=sends(reason="no"), writes=False),
    Row("delivery:channels", "asha", shows=lambda w: "example_four", blind=""),
    Row("delivery:account", "asha", ref("channel")),
    Row("delivery:connect", "asha", ref("posting"), proof=True),
    Row("delivery:connect", "asha", ref("posting"), post=lambda w: shape.key_form(), proof=True,
        records="delivery.account_connected"),
    Row("delivery:take_away", "asha", ref("channel"), post=sends(), proof=True,
        records="delivery.account_taken_away"),
    Row("delivery:settle", "asha", ref("unsure_post"), post=sends(is_there="yes"), records="delivery.post_settled"),
]  # fmt: skip

CONTENT = [
    Row("content:items", SEATED, shows=lambda w: "Draft one", blind="chitra dev"),
    Row("content:items", SEATED, query=sends(q="Draft one"), shows=lambda w: str(w.draft.ref), blind="chitra dev"),
    Row("content:write", "asha bilal dev"),
    Row("content:write", "bilal", post=lambda w: world.item_form(w), records="content.written",
        others={"asha": 422, "dev": 422}),
    Row("content:sheet_new", "asha bilal dev"),
    Row("content:sheet_new", "bilal", post=lambda w: world.sheet_form(w), records="content.sheet_made",
        others={"asha": 422, "dev": 422}),
    Row("content:sheet", LOOKERS_ABOVE, ref("sheet")),
    Row("content:sheet_submit", LEADERS, ref("sheet"), post=sends(), records="content.sheet_submitted"),
    Row("content:sheet_approve", "asha", ref("sheet_submitted"), proof=True, records="content.sheet_approved",
        post=lambda w: {"seen": w.sheet_seen, "point": world.READ}, others={"bilal": 403}),
    Row("content:item", LOOKERS_ABOVE, ref("draft")),
    Row("content:edit", LEADERS, ref("draft")),
    Row("content:edit", LEADERS, ref("draft"), post=lambda w: world.item_form(w), records="content.edited"),
    Row("content:submit", LEADERS, ref("draft"), post=sends(), records="content.submitted"),
    Row("content:approve", "asha", ref("submitted"), proof=True,
        post=lambda w: {"seen": w.submitted.hash, "point": world.READ},
        records="content.approved", others={"bilal": 403}),
    Row("content:withdraw", LEADERS, ref("draft"), post=sends(reason="old"), records="content.withdrawn"),
    Row("content:hold", LEADERS, ref("submitted"), post=sends(reason="which day?"), records="content.held",
        others={"meera": 403}),
    Row("content:lift", "asha", ref("held"), post=sends(reason="that day"), records="content.hold_lifted",
        others={"bilal": 403, "meera": 403}, proof=True),
    Row("content:certify", LEADERS, ref("draft"), records="content.certified",
        post=sends(number="MCMC/1", committee="District", valid_until="2099-01-01")),
    Row("content:comment", LEADERS, ref("draft"), post=sends(text="A comma is missing"), records="content.commented",
        others={"meera": 403}),
    Row("content:close_comment", LEADERS, lambda w: [w.draft.ref, w.said.ref], post=sends(),
        records="content.comment_closed", others={"meera": 403}),
    Row("content:versions", LOOKERS_ABOVE, ref("draft")),
    Row("content:media", SEATED, shows=lambda w: "Media one", blind="chitra dev"),
    Row("content:media_add", "asha bilal dev"),
    Row("content:media_add", "bilal", post=lambda w: world.media_form(w), records="content.media_added",
        others={"asha": 422, "dev": 422}),
    Row("content:ai_register", SEATED),
    Row("content:ai_register_file", SEATED),
    Row("content:media_one", LOOKERS_ABOVE, ref("media")),
    Row("content:media_file", LOOKERS_ABOVE, ref("media")),
    Row("content:media_ai", LEADERS, ref("media"), records="content.ai_declared",
        post=sends(label="enhanced", tool="Tool", responsible="Committee")),
    Row("content:media_person", LEADERS, ref("media"), records="content.person_noted",
        post=sends(name="Person Two", how="paper", said_on="2024-03-12")),
    Row("content:media_person_back", LEADERS, lambda w: [w.media.ref, w.person_shown.ref], post=sends(),
        records="content.person_taken_back"),
    Row("content:media_stop", LEADERS, ref("media"), post=sends(reason="old"), records="content.media_stopped"),
    Row("content:facts", SEATED, shows=lambda w: str(w.fact.ref), blind="chitra dev"),
    Row("content:fact_add", "asha bilal dev"),
    Row("content:fact_add", LEADERS, post=lambda w: world.fact_form(title_hi="नया", title_en="New one"),
        records="content.fact_added", others={"dev": 422}),
    Row("content:fact_import", "asha bilal dev"),
    Row("content:fact_import", LEADERS, post=lambda w: {"file": world.fact_sheet()}, answer=200,
        records="content.fact_added", others={"dev": 200}),
    Row("content:fact", LOOKERS_ABOVE, ref("fact")),
    Row("content:fact_withdraw", LEADERS, ref("fact"), post=sends(reason="old"), records="content.fact_withdrawn"),
    Row("content:cards_order", "asha bilal dev"),
    Row("content:cards_order", "bilal", post=lambda w: world.order_form(w), records="content.cards_ordered",
        others={"asha": 422, "dev": 422}),
    Row("content:cards", LOOKERS_ABOVE, ref("cards")),
    Row("content:cards_cancel", LEADERS, ref("cards"), post=sends(), records="content.cards_cancelled"),
    Row("content:print", LEADERS, ref("print_item")),
    Row("content:print", LEADERS, ref("print_item"), post=lambda w: world.print_form(),
        records="content.print_exported"),
    Row("content:print_run", LOOKERS_ABOVE, ref("print_run")),
    Row("content:print_file", LOOKERS_ABOVE, ref("print_run")),
    Row("content:campaigns", SEATED, shows=lambda w: str(w.series.ref), blind="chitra dev"),
    Row("content:campaign_new", "asha bilal dev"),
    Row("content:campaign_new", "bilal", records="content.campaign_opened", others={"asha": 422, "dev": 422},
        post=lambda w: {"unit": str(w.tree.bhilwara.ref), "title_hi": "नया", "title_en": "New",
                        "starts_on": shape.today(), "ends_on": shape.later()}),
    Row("content:series_new", LEADERS, ref("campaign")),
    Row("content:series_new", LEADERS, ref("campaign"), post=lambda w: world.series_form(w),
        records="content.series_opened"),
    Row("content:series", LOOKERS_ABOVE, ref("series")),
    Row("content:series", LOOKERS_ABOVE, ref("series"), query=sends(gaps="1")),
    Row("content:episode_new", LEADERS, ref("series"), others={"meera": 403}),
    Row("content:episode_new", LEADERS, ref("series"), records="content.episode_planned", others={"meera": 403},
        post=lambda w: {"on_date": world.tomorrow(), "title_hi": "दो", "title_en": "Two"}),
    Row("content:episode", LOOKERS_ABOVE, ref("episode")),
    Row("content:episode", LEADERS, ref("episode"), records="content.episode_filled", others={"meera": 422},
        post=lambda w: {"item": str(w.submitted.ref), "language": "en"}),
    Row("content:episode_empty", LEADERS, lambda w: [w.episode.ref, w.fill.ref], post=sends(),
        records="content.episode_emptied", others={"meera": 403}),
    Row("content:calendar", SEATED, shows=lambda w: "Draft one", blind="chitra dev"),
    Row("content:calendar", SEATED, query=sends(view="month")),
    Row("content:picture", LOOKERS_ABOVE, lambda w: [w.pictured.file]),
]  # fmt: skip

BROADCASTS = [
    Row("broadcasts:desk", SEATED, shows=lambda w: str(w.release.ref), blind="chitra dev"),
    Row("broadcasts:stream", LOOKERS_ABOVE, ref("sahara")),
    Row("broadcasts:new", LEADERS, ref("approved", "item"), proof=True),
    Row("broadcasts:new", LEADERS, ref("approved", "item"), post=lambda w: world.release_form(w.tree.bhilwara),
        proof=True, records="broadcasts.release_made",
        foreign=lambda w: world.release_form(w.tree.udaipur), asks="bilal"),
    Row("broadcasts:new", LEADERS, ref("sheet", "sheet"), proof=True),
    Row("broadcasts:release", LOOKERS_ABOVE, ref("release")),
    Row("broadcasts:change", LEADERS, ref("release"), proof=True),
    Row("broadcasts:change", LEADERS, ref("release"), post=lambda w: world.release_form(w.tree.sahara), proof=True,
        records="broadcasts.release_changed",
        foreign=lambda w: world.release_form(w.tree.udaipur), asks="bilal"),
    Row("broadcasts:approve", LEADERS, ref("release"), post=lambda w: {"seen": w.release.hash}, proof=True,
        records="broadcasts.release_approved"),
    Row("broadcasts:withdraw", LEADERS, ref("release"), post=sends(), records="broadcasts.release_withdrawn"),
    Row("broadcasts:mine", MEMBERS),
    Row("broadcasts:addresses", "chitra ravi"),
    Row("broadcasts:follow", MEMBERS, post=unit("sahara")),
]  # fmt: skip

TASKS = [
    Row("tasks:desk", SEATED, shows=lambda w: str(w.district_task.ref)),
    Row("tasks:give", "asha bilal chitra dev", foreign=unit("bhilwara")),
    Row("tasks:give", "asha bilal chitra dev", post=lambda w: world.give_form(), records="tasks.given"),
    Row("tasks:exceptions", SEATED, foreign=unit("booth")),
    Row("tasks:exceptions", SEATED, foreign=lambda w: {"task": w.district_task.ref}),
    Row("tasks:bulk", "asha bilal chitra", records="tasks.verified",
        post=lambda w: {"ref": world.minted(), "act": "verify", "refs": [w.handed_in.ref]}, elsewhere="dev"),
    Row("tasks:undo", "bilal", ref("bulk"), post=sends(), records="tasks.undone"),
    Row("tasks:task", LOOKERS, ref("district_task")),
    Row("tasks:task", "asha bilal chitra meera dev", ref("task"), foreign=lambda w: {"at": w.handed_in.ref}),
    Row("tasks:withdraw_task", LEADERS, ref("district_task"), post=sends(reason="rain"), records="tasks.withdrawn",
        others={"chitra": 403, "meera": 403}),
    Row("tasks:withdraw_task", "asha", ref("task"), post=sends(reason="rain"), records="tasks.withdrawn",
        others=dict.fromkeys(["bilal", "chitra", "meera", "dev"], 403)),
    Row("tasks:share", LOOKERS, ref("handed_in")),
    Row("tasks:verify", "asha bilal chitra", ref("handed_in"), post=sends(), htmx=200, records="tasks.verified",
        others={"meera": 403}),
    Row("tasks:return", "asha bilal chitra", ref("handed_in"), post=sends(reason="blurred"), htmx=200,
        records="tasks.returned", others={"meera": 403}),
    Row("tasks:remind", "asha bilal chitra", ref("free"), post=sends(), htmx=200, records="tasks.reminded",
        others={"meera": 403}),
    Row("tasks:withdraw_share", "asha bilal chitra", ref("free"), post=sends(reason="rain"), htmx=200,
        records="tasks.share_withdrawn", others={"meera": 403}),
    Row("tasks:hand_in_for", "asha bilal chitra", ref("free"), records="tasks.handed_in", others={"meera": 403},
        post=lambda w: {"ref": world.minted(), "person": w.salma.person.ref, "number": "5"}),
    Row("tasks:mine", "chitra asha bilal meera dev ravi", shows=lambda w: str(w.free.ref), blind="asha dev ravi"),
    Row("tasks:my_task", "chitra", ref("free")),
    Row("tasks:accept", "chitra", ref("free"), post=sends(), records="tasks.accepted"),
    Row("tasks:hand_in", "chitra", ref("taken"), post=lambda w: {"ref": world.minted(), "number": "5"},
        records="tasks.handed_in"),
    Row("tasks:reminders", MEMBERS, post=sends(on="0"), records="tasks.reminders_muted"),
    Row("tasks:judge_photos", "bilal asha", lambda w: [w.match.ref], post=sends(answer="different"),
        records="tasks.photos_judged", others={"meera": 403}),
    Row("tasks:outbox", MEMBERS, others={"anonymous": 401}),
    Row("tasks:send", "chitra", ref("taken"), post=lambda w: {"ref": world.minted(), "number": "5"}, answer=200,
        headers=lambda w: {"Toli-Owner": key_of(w.chitra.person)}, records="tasks.handed_in",
        others={**dict.fromkeys(["asha", "bilal", "meera", "dev", "ravi"], 409), "anonymous": 401}),
    Row("tasks:photo", LOOKERS, lambda w: [w.handed_in.hand_in.ref]),
]  # fmt: skip

RECRUITMENT = [
    Row("recruitment:status", ALL),
    Row("recruitment:status", "anonymous", post=sends(phone="1000000978"), others=dict.fromkeys(MEMBERS.split(), 200)),
    Row("recruitment:withdraw", "ravi", ref("ravis"), post=sends(), records="recruitment.withdrawn"),
    Row("recruitment:join", ALL, lambda w: ["youth"], shows=lambda w: "Join", blind=""),
    Row("recruitment:join", ALL, lambda w: ["youth"], query=sends(q="borana"), shows=lambda w: "Borana", blind=""),
    Row("recruitment:wishes", ALL, lambda w: ["youth"], query=unit("booth")),
    Row("recruitment:wishes", ALL, lambda w: ["youth"], query=lambda w: unit("booth")(w) | {"q": "borana"}),
    Row("recruitment:form", ALL, lambda w: ["youth"], query=unit("booth")),
    Row("recruitment:form", MEMBERS, lambda w: ["youth"], post=lambda w: world.join_form(w),
        others={"anonymous": 422}),
    Row("recruitment:form", "anonymous", lambda w: ["youth"], post=lambda w: world.new_join_form(w),
        others=dict.fromkeys(MEMBERS.split(), 302)),
    Row("recruitment:send", "ravi", lambda w: ["women"], query=lambda w: {"draft": w.ravis_draft}, answer=302,
        records="recruitment.applied", others={"anonymous": 302}),
    Row("recruitment:own_link", MEMBERS, lambda w: ["youth"]),
    Row("recruitment:own_link", MEMBERS, lambda w: ["youth"], post=sends(), records="recruitment.link_made"),
    Row("recruitment:kiosk", ALL, lambda w: ["youth"], answer=302),
    Row("recruitment:stay", "ravi", ref("ravis_settled"), post=sends(choice="other_seats"),
        records="recruitment.chose_to_stay"),
    Row("recruitment:stay_on_lists", "ravi", ref("ravis_kept"), post=sends(stays="no"),
        records="recruitment.leaves_lists"),
    Row("recruitment:willing", "bilal asha dev", shows=lambda w: "Neelam Sharma"),
    Row("recruitment:past", "bilal asha dev", lambda w: ["settled"], shows=lambda w: "no reason given"),
    Row("recruitment:past_here", LEADERS, ref("booth"), shows=lambda w: "Settled", blind=""),
    Row("recruitment:past_reason", LEADERS, lambda w: ["settled", w.chitra.appointment.ref],
        post=sends(reason="Nobody had applied for it"), records="recruitment.past_drive"),
    Row("recruitment:my_card", MEMBERS, shows=lambda w: "Asha Meena"),
    Row("recruitment:card_lost", "chitra", appointment("chitra"), post=sends(), records="recruitment.card_recalled"),
    Row("recruitment:letter", "chitra", appointment("chitra"), query=sends(language="hi")),
    Row("recruitment:verify_page", ALL),
    Row("recruitment:verify_worker", ALL),
    Row("recruitment:form_worker", ALL),
    Row("recruitment:verify", ALL, lambda w: [w.card_token], shows=lambda w: "Valid", blind=""),
    Row("recruitment:applicants", "bilal asha dev", shows=lambda w: "Neelam Sharma", foreign=unit("booth")),
    Row("recruitment:applicants", "bilal asha dev", query=sends(words="neelam"), shows=lambda w: "Neelam Sharma"),
    Row("recruitment:applicant", LEADERS, ref("application")),
    Row("recruitment:offer", LEADERS, ref("application"), post=lambda w: {"seat": w.vacancy.ref},
        records="recruitment.offered", foreign=lambda w: {"seat": w.far_vacancy.ref}, asks="bilal"),
    *(Row(f"recruitment:interview{act}", ALL, lambda w: [w.coming.code]) for act in ("", "_calendar")),
    Row("recruitment:interview_confirm", ALL, code("coming"), post=sends(), records="recruitment.interview_confirmed"),
    Row("recruitment:interview_move", ALL, code("coming"), post=interviews.another_time,
        records="recruitment.interview_moved"),
    Row("recruitment:interview_decline", ALL, code("coming"), post=sends(),
        records="recruitment.interview_declined"),
    Row("recruitment:interview_sample", ALL, code("sample"), post=sends(text="My work", link=""),
        records="recruitment.sample_handed_in"),
    Row("recruitment:interview_day", MEMBERS),
    Row("recruitment:interview_day", "bilal chitra dev", shows=lambda w: "Neelam Sharma",
        others=dict.fromkeys(["asha", "meera", "ravi"], 200)),
    Row("recruitment:score", "bilal chitra", ref("begun")),
    Row("recruitment:score", "bilal chitra", ref("begun"), post=sends(conduct="3", local="5", note=""),
        records="recruitment.scored"),
    Row("recruitment:sample_file", "bilal", ref("handed_sample")),
    Row("recruitment:interview_call", "bilal chitra", ref("begun"), post=sends(), answer=200,
        records="recruitment.number_opened"),
    Row("recruitment:interview_missed", "bilal chitra", ref("begun"), post=sends(),
        records="recruitment.interview_missed"),
    Row("recruitment:interview_conflict", "bilal chitra", ref("begun"), post=sends(),
        records="recruitment.conflict_declared"),
    Row("recruitment:rounds", "bilal asha dev", shows=lambda w: "First interview", blind=""),
    Row("recruitment:round", "bilal asha dev", ref("round"), shows=lambda w: "Raipur"),
    Row("recruitment:round_new", "asha", lambda w: ["youth"]),
    Row("recruitment:round_new", "asha", lambda w: ["youth"], post=lambda w: interviews.round_form(),
        records="recruitment.round_added"),
    Row("recruitment:panels_new", "bilal asha dev", ref("round")),
    Row("recruitment:panels_new", "bilal asha dev", ref("round"), records="recruitment.panels_added",
        post=lambda w: interviews.panel_form() | {"level": "block", "each": "1"}),
    Row("recruitment:make_slots", "bilal asha dev", ref("round"), post=lambda w: interviews.days(),
        records="recruitment.slots_made"),
    Row("recruitment:assign", "bilal asha dev", ref("round"), post=sends(), records="recruitment.times_asked"),
    Row("recruitment:panel", LEADERS, ref("panel")),
    Row("recruitment:panel", LEADERS, ref("panel"), query=sends(q="bilal")),
    Row("recruitment:panel", LEADERS, ref("panel"), post=lambda w: interviews.panel_form(),
        records="recruitment.panel_changed"),
    Row("recruitment:panel_join", LEADERS, ref("panel"), post=lambda w: {"person": w.salma.person.ref},
        records="recruitment.panel_joined", foreign=lambda w: {"person": w.tara.person.ref}, asks="bilal"),
    Row("recruitment:panel_leave", LEADERS, ref("panel"), post=lambda w: {"person": w.chitra.person.ref},
        records="recruitment.panel_left"),
    Row("recruitment:scores", "asha", ref("round")),
    Row("recruitment:settle", "asha", ref("round"), post=sends(), records="recruitment.scores_settled"),
    Row("recruitment:drives", "asha bilal dev"),
    Row("recruitment:board", "asha bilal dev", lambda w: ["youth"]),
    Row("recruitment:poster_make", LEADERS, lambda w: ["youth"], post=unit("booth"), records="recruitment.poster_made",
        elsewhere="dev"),
    Row("recruitment:poster", LEADERS, lambda w: ["youth", w.poster.code]),
    Row("recruitment:answer_file", LEADERS, lambda w: [w.application.ref, w.answer_file.ref]),
    Row("recruitment:drive_change", "asha", lambda w: ["youth"]),
    Row("recruitment:drive_change", "asha", lambda w: ["youth"], post=lambda w: world.drive_changes(w),
        records="recruitment.drive_changed"),
    Row("recruitment:questions", "asha", lambda w: ["youth"]),
    Row("recruitment:questions", "asha", lambda w: ["youth"], records="recruitment.questions_saved",
        post=lambda w: {"r0-hi": "आप क्या करना चाहते हैं?", "r0-en": "What do you want to do?", "r0-kind": "text"}),
    Row("recruitment:places", "asha", lambda w: ["youth"]),
    Row("recruitment:places_take", "asha", lambda w: ["youth"], post=sends(), records="recruitment.places_taken"),
    Row("recruitment:place_set", "asha", lambda w: ["youth"], records="recruitment.place_set",
        post=lambda w: {"unit": w.tree.sahara.ref, "team": "constituency_team", "role": "constituency_member",
                        "capacity": "3"}),
    Row("recruitment:places_rules", "asha", lambda w: ["youth"], post=sends(min_score="40", share_women="2"),
        records="recruitment.place_rules_set"),
    Row("recruitment:place_withdraw", "asha", lambda w: ["youth", w.drive_place.ref], post=sends(),
        records="recruitment.place_withdrawn"),
    Row("recruitment:order", "asha", lambda w: ["youth"]),
    Row("recruitment:order", "asha", lambda w: ["youth"], records="recruitment.rank_set",
        post=lambda w: {"unit": w.tree.bhilwara.ref, "rank": "1", "reason": "Asked for by the state"}),
    Row("recruitment:waiting_line", "asha"),
    Row("recruitment:waiting_line", "asha", post=sends(mode="auto", most_busy="80", slowest_ms="1500"),
        records="recruitment.line_switched"),
    Row("recruitment:drive_new", "asha"),
    Row("recruitment:drive_new", "asha", post=lambda w: world.drive_form(w), records="recruitment.drive_opened"),
    Row("recruitment:drive_close", "asha", lambda w: ["youth"], post=sends(), records="recruitment.drive_closed"),
    Row("recruitment:truth", "asha bilal dev", lambda w: ["youth"], shows=lambda w: str(w.cluster.ref)),
    Row("recruitment:draw", "asha", lambda w: ["women"], post=sends(level="district", half_width="0.05"), writes=False),
    Row("recruitment:cluster", LEADERS, ref("cluster")),
    Row("recruitment:cluster", "asha", ref("cluster"), post=sends(state="cleared", words="a camp at the school"),
        records="recruitment.cluster_cleared", others={"bilal": 403}),
    Row("recruitment:invited", ALL, lambda w: [w.invitation], answer=302),
    Row("recruitment:batches", "asha", lambda w: ["youth"]),
    Row("recruitment:batch_new", "asha", lambda w: ["youth"]),
    Row("recruitment:batch_new", "asha", lambda w: ["youth"], post=lambda w: world.batch_form(w),
        records="recruitment.batch_declared"),
    Row("recruitment:batch", "asha", ref("checked_batch")),
    Row("recruitment:batch_load", "asha", ref("checked_batch"), post=sends(), records="recruitment.batch_started"),
    Row("recruitment:batch_send", "asha", ref("written_batch"), post=lambda w: world.send_form(w),
        records="recruitment.batch_sent"),
    Row("recruitment:batch_undo", "asha", ref("written_batch")),
    Row("recruitment:batch_undo", "asha", ref("written_batch"), post=sends(), records="recruitment.batch_undone"),
    Row("recruitment:batch_rejects", "asha", ref("checked_batch")),
    Row("recruitment:calls", "asha bilal dev"),
    Row("recruitment:why", "ravi", ref("ravis"), shows=lambda w: "Wish 1", blind="", others={"anonymous": 302}),
    Row("recruitment:why", "ravi", ref("ravis"), post=sends(words="nobody read my answers"),
        records="recruitment.appealed", others={"anonymous": 302}),
    Row("recruitment:placement", "asha", lambda w: ["youth"], shows=lambda w: str(w.run.ref), blind=""),
    Row("recruitment:run_new", "asha", lambda w: ["youth"], post=sends(), records="recruitment.run_made"),
    Row("recruitment:what_if", "asha", lambda w: ["youth"], post=sends(capacity_percent="200"),
        records="recruitment.run_made"),
    Row("recruitment:run", "asha", ref("run")),
    Row("recruitment:run", "asha", ref("run"), query=lambda w: {"beside": w.what_if.ref}),
    Row("recruitment:run_sign", "asha", ref("new_run"), post=sends(), records="recruitment.run_signed_once",
        proof=True),
    Row("recruitment:run_check", "asha", ref("run"), post=sends(), writes=False),
    Row("recruitment:appeals", "asha", lambda w: ["youth"], shows=lambda w: str(w.appeal.ref), blind="", proof=True),
    Row("recruitment:appeal", "asha", ref("appeal"), proof=True),
    Row("recruitment:appeal", "asha", ref("appeal"), post=sends(upholds="no", reason="it was read by two people"),
        records="recruitment.appeal_voted", proof=True),
    Row("recruitment:call_said", "bilal", ref("attempt"), post=sends(outcome="yes"), records="recruitment.call_made"),
]  # fmt: skip

VOLUNTEER = [
    Row("volunteer:home", "anonymous", others=BACK_IN),
    Row("volunteer:day", MEMBERS),
    Row("volunteer:manifest", ALL),
    Row("volunteer:worker", ALL),
    Row("volunteer:offline", ALL),
    Row("volunteer:welcome", MEMBERS, answer=302),
    Row("volunteer:welcome", MEMBERS, post=sends(name="X"), writes=False),
    Row("volunteer:seat", MEMBERS),
    Row("volunteer:accept", "ravi", ref("offer"), post=sends(), records="org.accepted"),
    Row("volunteer:decline", "ravi", ref("offer"), post=sends(), records="org.declined"),
    Row("volunteer:leave", "chitra", appointment("chitra"), post=sends(), records="org.ended"),
    Row("volunteer:claim", "ravi", ref("named"), post=sends(), records="org.holder_claimed"),
    Row("volunteer:not_me", "ravi", ref("named"), post=sends(), records="org.name_refused"),
    Row("volunteer:say_elector", MEMBERS, ref("sahara"), post=sends(votes="no"), records="elections.elector_said"),
    Row("volunteer:my_data", "ravi asha bilal chitra meera dev", shows=lambda w: "Ravi Salvi",
        blind="asha bilal chitra meera dev"),
    Row("volunteer:correct", MEMBERS),
    Row("volunteer:correct", MEMBERS, records="people.corrected",
        post=sends(name="Kamla Bai", birth_year="1985", contact_preference="app")),
    Row("volunteer:download", "ravi asha bilal chitra meera dev", shows=lambda w: "Ravi Salvi",
        blind="asha bilal chitra meera dev"),
    Row("volunteer:erase", MEMBERS),
    Row("volunteer:erase", MEMBERS, post=sends(), answer=200, records="volunteer.erasure_asked"),
]  # fmt: skip

WARROOM = [
    Row("warroom:board", "bilal asha chitra meera dev", shows=lambda w: "Bhilwara"),
    Row("warroom:board", SEATED, query=sends(level="booth", q="borana"), shows=lambda w: "Borana 2",
        blind="chitra dev"),
    Row("warroom:unit", LOOKERS, ref("booth")),
    Row("warroom:text", LOOKERS, ref("booth")),
    Row("warroom:ticker", LOOKERS, ref("booth")),
    Row("warroom:picture", LOOKERS, ref("booth"), records="warroom.picture_taken"),
    Row("warroom:shapes", LOOKERS_ABOVE, ref("bhilwara")),
    Row("warroom:board", SEATED, query=sends(show="map", figure="silent"), shows=lambda w: "data-map"),
    Row("warroom:maps", "asha", shows=lambda w: "districts.geojson", proof=True),
    Row("warroom:load_map", "asha", post=lambda w: {"file": world.map_file(), "level": "district"},
        records="warroom.map_loaded", proof=True),
    Row("warroom:map", "asha", ref("map"), shows=lambda w: "Nowhere", proof=True),
    Row("warroom:match_shape", "asha", ref("area"), post=lambda w: {"unit": str(w.tree.udaipur.ref)},
        records="warroom.shape_matched", proof=True),
    Row("warroom:remove_map", "asha", ref("map"), post=sends(), records="warroom.map_removed", proof=True),
    Row("warroom:schedule", "asha", ref("correction"), proof=True),
    Row("warroom:polls", SEATED, shows=lambda w: "Sahara", blind="chitra dev"),
    Row("warroom:short", SEATED, shows=lambda w: "Borana"),
    Row("warroom:short_in", LOOKERS, ref("booth")),
    Row("warroom:shifts", SEATED),
    Row("warroom:shifts_of", LOOKERS, ref("booth")),
    Row("warroom:make_roster", LEADERS, ref("booth"), records="warroom.roster_made",
        post=lambda w: {"team_kind": "booth_team", "day": world.tomorrow(), "hour": "6", "watches": "3"}),
    Row("warroom:take_shift", "chitra", ref("booth"), post=sends(team_kind="booth_team", starts="0", hours="2"),
        records="warroom.shift_taken", others={"asha": 403, "bilal": 403}),
    Row("warroom:drop_shift", "asha bilal chitra", ref("shift"), post=sends(), records="warroom.shift_dropped"),
    Row("warroom:hand_over", "asha bilal chitra", ref("booth"), post=sends(text="all is well"),
        records="warroom.handed_over"),
    Row("warroom:urgent", "asha bilal dev", shows=lambda w: world.urgent_now(w) and "Draft five", blind=""),
    Row("warroom:urgent_item", "asha bilal dev", lambda w: [world.urgent_now(w).ref], proof=True),
    Row("warroom:urgent_item", "dev", lambda w: [world.urgent_now(w).ref], records="content.approved", proof=True,
        post=lambda w: {"seen": w.urgent.hash, "point": world.READ}, others={"asha": 403, "bilal": 403}),
    Row("warroom:raise_flag", "asha bilal chitra", ref("booth"), post=sends(kind="people", text="two are ill"),
        records="warroom.flag_raised"),
    Row("warroom:close_flag", LEADERS, ref("flag"), post=sends(text="solved"), records="warroom.flag_closed"),
]  # fmt: skip

ROWS = [
    *UI, *ACCOUNTS, *ORG, *SHAPE,
    *CONSENT, *ELECTIONS, *DELIVERY, *CONTENT, *BROADCASTS, *TASKS, *RECRUITMENT, *VOLUNTEER,
    *WARROOM,
]  # fmt: skip
