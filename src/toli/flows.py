"""When a record of this verb is sealed, these jobs run, each with the ids of all new records (`record_ids`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toli.audit.dispatch import DeferrableJob
from toli.recruitment import jobs as recruitment

FLOWS: Mapping[str, Sequence[DeferrableJob]] = {
    # an offer made to an applicant was answered: in a team now, or waiting again
    "org.accepted": [recruitment.mark_placed],
    "org.declined": [recruitment.reopen],
    "org.offer_withdrawn": [recruitment.reopen],
    "org.offer_lapsed": [recruitment.reopen],
    # who takes back the consent to be organised is no applicant any more
    "consent.withdrawn": [recruitment.withdraw_leavers],
    "consent.all_withdrawn": [recruitment.withdraw_leavers],
    "people.sealed": [recruitment.withdraw_leavers],
}
