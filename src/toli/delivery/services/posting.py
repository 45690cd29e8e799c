"""Posts to official accounts: queued once, posted when the gate says yes, looked for when nobody knows, taken down."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.audit import services as audit
from toli.delivery import queries, routes, sending
from toli.delivery.limits import allowances, key_of, posting_rules
from toli.delivery.models import Account, Post, ProviderRest, Wording
from toli.delivery.providers import Begun, Publisher, SendFault, Taken
from toli.delivery.services import budgets, official
from toli.elections.gate import Subject
from toli.kit import secrets
from toli.kit.actor import Actor, SystemActor
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState
from toli.org import queries as org
from toli.org.models import Handle, Unit

State = Post.State
STALE = timedelta(minutes=5)
"""A post of a worker that has not been heard of so long is taken over."""
MOST_STEPS = 40
LONGEST_RUN = 20.0
"""Seconds of one run: a long film goes on in the next."""
_ACTOR = SystemActor(request_id="delivery.posts")


@dataclass(frozen=True, slots=True)
class Words:
    """What is posted; `media` as {kind, path, url, hash}."""

    text: str
    title: str = ""
    link: str = ""
    media: tuple[Mapping[str, str], ...] = ()


def text_key(text: str) -> str:
    """The same for texts that differ only in case, spaces, marks of punctuation or pictures."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LMN")
    return hashlib.sha256((kept or plain.strip()).encode()).hexdigest()


@transaction.atomic
def queue_post(
    *, actor: Actor, account_ref: UUID, key: str, words: Words, subject: Subject, unit: Unit | None = None,
    now: datetime, not_before: datetime | None = None, expires_at: datetime | None = None,
) -> Post:  # fmt: skip
    """Ask for one post; the same `key` again gives the same post. Raises NotFound, NotAllowed, WrongState or BadInput.

    A person must be a named operator of the account. The law's gate is asked when it goes out; `subject.hash` is what
    was approved. No other account of the platform may have said these words (domain rule 12).
    """
    account = Account.objects.select_related("handle__unit").filter(ref=account_ref).first()
    if account is None:
        raise NotFound
    if known := Post.objects.filter(key=key).first():
        return known
    _check_may_post(actor, account)
    _check_words(words)
    _claim_wording(account, words, now)
    paper = subject.certificate
    certificate = None if paper is None else {
        "number": paper.number, "committee": paper.committee, "valid_until": paper.valid_until.isoformat(),
        "file_hash": paper.file_hash,
    }  # fmt: skip
    post, _made = Post.objects.get_or_create(
        key=key,
        defaults={
            "account": account, "text": words.text, "title": words.title, "link": words.link,
            "media": [dict(one) for one in words.media], "unit": unit, "kind": subject.kind,
            "subject_hash": subject.hash, "paid": subject.paid, "ai": str(subject.ai),
            "topics": sorted(subject.topics), "names_units": sorted(subject.names_units), "certificate": certificate,
            "next_try_at": not_before or now, "expires_at": expires_at, "asked_by_id": actor.person_id,
            "created_at": now,
        },
    )  # fmt: skip
    return post


def _check_may_post(actor: Actor, account: Account) -> None:
    if not routes.is_listed(account.provider):
        raise WrongState(_("Toli cannot post to this platform."))
    operators = org.operators_of(account.handle)
    if account.state == Account.State.AWAY or account.handle.state != Handle.State.VERIFIED or not operators.exists():
        raise WrongState(_("This account is not declared, or nobody is named who operates it. Nothing was posted."))
    if not actor.is_system and (actor.seen_as_id or not operators.filter(person_id=actor.person_id).exists()):
        raise NotAllowed(_("Only somebody named for this account posts there. Nothing was posted."))


def _check_words(words: Words) -> None:
    if not words.text.strip() and not words.media:
        raise BadInput(fields={"text": _("There is nothing to post.")})
    if any(not {"kind", "path", "hash"} <= one.keys() for one in words.media):
        raise BadInput(fields={"media": _("A file of a post needs its kind and hash.")})


def _claim_wording(account: Account, words: Words, now: datetime) -> None:
    if not words.text.strip():
        return
    said, _made = Wording.objects.get_or_create(
        provider=account.provider, text_key=text_key(words.text), defaults={"account": account, "at": now}
    )
    if said.account_id != account.pk:
        raise WrongState(
            _("Another account of this platform has said these words. Write them anew; nothing was posted.")
        )


# What a dead worker left is taken over, marked as doubtful; accounts that rest or have no key are passed by.
TAKE_POSTS = """
WITH due AS (
    SELECT p.id, p.state FROM delivery_post p
    JOIN delivery_account a ON a.id = p.account_id
    LEFT JOIN delivery_providerrest r ON r.name = a.provider || ':' || a.id
    WHERE p.state IN ('waiting', 'sending', 'removing') AND p.next_try_at <= %(now)s
      AND (p.state <> 'sending' OR p.taken_at < %(stale)s) AND a.state IN ('works', 'ending')
      AND (r.rests_until IS NULL OR r.rests_until <= %(now)s)
    ORDER BY p.next_try_at, p.id LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED
)
UPDATE delivery_post p
   SET state = CASE p.state WHEN 'removing' THEN p.state ELSE 'sending' END, taken_at = %(now)s,
       attempts = p.attempts + 1, doubtful = p.doubtful OR due.state = 'sending',
       next_try_at = CASE p.state WHEN 'removing' THEN %(later)s ELSE p.next_try_at END
  FROM due WHERE p.id = due.id
RETURNING p.id
"""


def send_posts(*, now: datetime, limit: int = 20) -> dict[str, int]:
    """Post what is due and take down what was withdrawn. Returns how many were posted, held back, put off.

    Where nobody knows whether a post went out, the provider is asked; where it cannot say, a person is. So none is
    there twice, and none is lost unseen.
    """
    result = {"posted": 0, "refused": 0, "later": 0}
    began = monotonic()
    for pk in _take_due(now=now, limit=limit):
        post = Post.objects.select_related("account__handle__unit").get(pk=pk)
        at = now + timedelta(seconds=monotonic() - began)
        if post.state == State.REMOVING:
            _remove(post, at)
        else:
            result[_send(post, at)] += 1
    return result


def _take_due(*, now: datetime, limit: int) -> list[int]:
    later = now + timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_POSTS, {"now": now, "stale": now - STALE, "later": later, "limit": limit})
        return sorted(row[0] for row in cursor.fetchall())


def _send(post: Post, now: datetime) -> str:
    try:
        ready = _prepare(post, now)
        way = routes.publisher(post.account)
        if accounts.is_demo() and not way.is_local:
            raise sending.Refused("demo_account")
    except (sending.Refused, secrets.SecretsError) as refusal:
        return _hold(post, getattr(refusal, "reason", "no_key"), getattr(refusal, "again", None))
    except SendFault as fault:
        return _settle_fault(post, fault, True, now)
    if again := budgets.take_all(asks_for(post, now), now=now):
        return _put_off(post, "too_fast", again)
    return _carry_out(post, ready, way, now)


def _prepare(post: Post, now: datetime) -> sending.ReadyPost:
    if post.expires_at is not None and post.expires_at <= now:
        raise sending.Refused("too_late")
    handle = post.account.handle
    if handle.state != Handle.State.VERIFIED or not org.operators_of(handle).exists():
        raise sending.Refused("not_declared")
    if post.account.left_today == 0 and post.account.checked_at and post.account.checked_at > now - timedelta(hours=1):
        raise sending.Refused("day_used_up", now + timedelta(hours=1))
    return sending.prepare_post(post, now=now)


def asks_for(post: Post, now: datetime) -> list[budgets.Ask]:
    """One place of each allowance a post takes."""
    account, chat = str(post.account_id), post.account.external_id
    found = allowances(post.account.provider, now)
    return [budgets.Ask(key_of(one, account=account, chat=chat), one) for one in found]


def _hold(post: Post, reason: str, again: datetime | None) -> str:
    if again is not None and (post.expires_at is None or again < post.expires_at):
        return _put_off(post, reason, again)
    _mine(post).update(state=State.REFUSED, reason=reason)
    return "refused"


def _mine(post: Post) -> QuerySet[Post]:
    """The row, while nobody has withdrawn it."""
    return Post.objects.filter(pk=post.pk, state=State.SENDING)


def _put_off(post: Post, reason: str, again: datetime) -> str:
    """It waits, and this was no try."""
    _mine(post).update(state=State.WAITING, reason=reason, next_try_at=again, attempts=F("attempts") - 1)
    return "later"


def _carry_out(post: Post, ready: sending.ReadyPost, way: Publisher, now: datetime) -> str:
    """Ask whether it is there where that is in doubt, then step by step; each step is written down before the next."""
    rules, began = posting_rules(now), monotonic()
    try:
        if post.doubtful and not way.repeatable:
            found = way.find(ready.out, timeout=rules.timeout)
            if found is not None:
                return _settle(post, found, now)
        at, pause = now, 0.0
        for _step in range(MOST_STEPS):
            at = now + timedelta(seconds=monotonic() - began)
            done = sending.publish(ready, way, timeout=rules.timeout, now=at)
            if isinstance(done, Taken):
                return _settle(post, done, at)
            ready = replace(ready, out=replace(ready.out, progress=done.progress))
            pause = done.after
            if not _keep(post, done, at) or pause or monotonic() - began > LONGEST_RUN:
                break
        return _put_off(post, "", at + timedelta(seconds=pause))
    except sending.Refused as refusal:
        return _hold(post, refusal.reason, refusal.again)
    except SendFault as fault:
        return _settle_fault(post, fault, way.repeatable, now)


def _keep(post: Post, done: Begun, now: datetime) -> bool:
    """Write a step down; False where somebody has taken the post over or back meanwhile."""
    return bool(_mine(post).update(progress=dict(done.progress), taken_at=now))


@transaction.atomic
def _settle(post: Post, taken: Taken, now: datetime) -> str:
    _mine(post).update(state=State.POSTED, reason="")
    Post.objects.filter(pk=post.pk).update(provider_ref=taken.provider_ref, posted_at=now, doubtful=False)
    ProviderRest.objects.filter(name=_rest_name(post.account)).delete()
    audit.record(_ACTOR, "delivery.posted", post, unit=post.account.handle.unit, data=_about(post.account))
    return "posted"


def _about(account: Account) -> dict[str, str]:
    return {"platform": account.handle.platform, "handle": account.handle.handle}


def _rest_name(account: Account) -> str:
    return f"{account.provider}:{account.pk}"


def _settle_fault(post: Post, fault: SendFault, repeatable: bool, now: datetime) -> str:
    account = post.account
    if fault.reason == "too_fast":
        return _pause(post, now + timedelta(seconds=fault.retry_after or 60.0), now)
    if fault.reason in ("not_authorised", "no_key"):
        official.close_key(account, fault.reason, now=now)
        return _put_off(post, fault.reason, now)
    official.note_fault(account, fault.reason, now=now)
    if fault.reason == "unknown":
        return _ask_people(post, now)
    if not fault.final:
        _note_failure(account, fault.reason, now)
    again = None if fault.final else posting_rules(now).next_try(post.attempts, now)
    doubt = post.doubtful or (fault.unsure and not repeatable)
    if again is None and doubt and not fault.final:
        return _ask_people(post, now)
    fate = {"state": State.WAITING, "next_try_at": again} if again else {"state": State.FAILED}
    _mine(post).update(**fate, reason=fault.reason, doubtful=doubt)
    return "later" if again else "refused"


def _pause(post: Post, until: datetime, now: datetime) -> str:
    """The platform asked for it: nobody posts to this account before."""
    for ask in asks_for(post, now):
        if ask.allowance.per == "account":
            budgets.rest(ask, until=until, now=now)
    return _put_off(post, "too_fast", until)


def _note_failure(account: Account, reason: str, now: datetime) -> None:
    """After some faults in a row an account rests, longer each time; one post that goes through ends it."""
    row, _made = ProviderRest.objects.get_or_create(name=_rest_name(account), defaults={"changed_at": now})
    row.failures += 1
    pause = posting_rules(now).rest_after(row.failures)
    row.rests_until = now + pause if pause else None
    row.last_failure, row.changed_at = reason, now
    row.save()


@transaction.atomic
def _ask_people(post: Post, now: datetime) -> str:
    _mine(post).update(state=State.UNSURE, reason="unknown", doubtful=True)
    audit.record(_ACTOR, "delivery.post_unsure", post, unit=post.account.handle.unit, data=_about(post.account))
    return "later"


@transaction.atomic
def settle_post(*, actor: Actor, ref: UUID, is_there: bool, now: datetime) -> Post:
    """Somebody looked: the post is there, or it is not and goes out now. Raises NotFound, NotAllowed or WrongState."""
    post = _get_post_to_act(actor, ref)
    removing = post.state == State.REMOVING and post.reason == "by_hand"
    if post.state != State.UNSURE and not (removing and not is_there):
        raise WrongState(_("Nobody needs to look for this post any more."))
    if removing:
        post.state, post.taken_down_at = State.TAKEN_DOWN, now
    elif is_there:
        post.state, post.posted_at = State.POSTED, now
    else:
        post.state, post.next_try_at, post.attempts = State.WAITING, now, 0
    post.doubtful, post.reason = False, ""
    post.save()
    data = {**_about(post.account), "is_there": is_there}
    audit.record(actor, "delivery.post_settled", post, unit=post.account.handle.unit, data=data)
    return post


def _get_post_to_act(actor: Actor, ref: UUID) -> Post:
    post = queries.get_post(actor=actor, ref=ref, lock=True)
    operates = org.operators_of(post.account.handle).filter(person_id=actor.person_id).exists()
    if actor.seen_as_id or not operates:
        raise NotAllowed(_("Only somebody named for this account does this."))
    return post


@transaction.atomic
def take_down(*, actor: Actor, post_keys: Sequence[str], reason: str, now: datetime) -> int:
    """Withdraw posts everywhere: those that wait never go, those that are out are taken down within the minute. How
    many. The room whose item it is has decided that; twice answers the same.
    """
    rows = Post.objects.select_for_update().filter(key__in=post_keys)
    stopped = rows.filter(state=State.WAITING).update(state=State.REFUSED, reason="cancelled")
    soon = now + timedelta(seconds=posting_rules(now).timeout)  # whoever posts it just now has to be done first
    going = rows.filter(state=State.SENDING).update(state=State.REMOVING, next_try_at=soon, attempts=0, reason="")
    out = rows.filter(state__in=[State.POSTED, State.UNSURE])
    removed = going + out.update(state=State.REMOVING, next_try_at=now, attempts=0, reason="")
    if stopped or removed:
        data = {"stopped": stopped, "removed": removed, "reason": reason}
        audit.record(actor, "delivery.post_taken_down", None, data=data)
    return stopped + removed


def _remove(post: Post, now: datetime) -> None:
    """A post that may be out is looked for; what is not there is down."""
    rules, rows = posting_rules(now), Post.objects.filter(pk=post.pk, state=State.REMOVING)
    try:
        way = routes.publisher(post.account)
        ref = post.provider_ref
        if not ref:
            found = way.find(sending.out_of(post), timeout=rules.timeout)
            ref = found.provider_ref if found else ""
        if ref:
            way.remove(ref, to=post.account.external_id, timeout=rules.timeout)
        rows.update(state=State.TAKEN_DOWN, taken_down_at=now, reason="")
    except (SendFault, secrets.SecretsError) as fault:
        reason = getattr(fault, "reason", "no_key")
        by_hand = reason in ("by_hand", "unknown") or getattr(fault, "final", False)
        pause = timedelta(days=3650) if by_hand else timedelta(seconds=getattr(fault, "retry_after", None) or 60)
        rows.update(reason="by_hand" if by_hand else reason, next_try_at=now + pause)
