"""When a record of this verb is sealed, these jobs run, each with the ids of all new records (`record_ids`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toli.audit.dispatch import DeferrableJob
from toli.consent import jobs as consent
from toli.content import jobs as content
from toli.delivery import jobs as delivery
from toli.elections import jobs as elections
from toli.recruitment import jobs as recruitment
from toli.tasks import jobs as tasks
from toli.warroom import jobs as warroom

FLOWS: Mapping[str, Sequence[DeferrableJob]] = {
    # whoever is offered a seat hears of it by SMS, where they agreed to that
    "org.offered": [delivery.tell_offered],
    "org.offered_many": [delivery.tell_offered],
    # whoever asked for help to sign in hears of each step, and a number that was left gets one notice
    "org.help_asked": [delivery.tell_help_asked],
    "org.help_confirmed": [delivery.tell_help_confirmed],
    "org.help_given": [delivery.tell_help_given],
    "org.help_refused": [delivery.tell_help_refused],
    "org.help_cancelled": [delivery.tell_help_cancelled],
    # a placement signed by two becomes offers
    "recruitment.run_signed": [recruitment.prepare_offers],
    # an offer made to an applicant was answered: in a team now, or waiting again
    "org.accepted": [recruitment.mark_placed],
    "org.declined": [recruitment.reopen, recruitment.look_again],
    "org.offer_withdrawn": [recruitment.reopen, recruitment.look_again],
    "org.offers_withdrawn": [recruitment.reopen, recruitment.look_again],
    "org.offer_lapsed": [recruitment.reopen, recruitment.look_again],
    # what an official account posted of a daily line is a step of it
    "delivery.posted": [content.note_posts],
    # a page for the printer has its declaration made within three days
    "content.print_exported": [tasks.give_declarations],
    # a level is done when its shares are done
    "tasks.verified": [tasks.add_up_parents],
    "tasks.undone": [tasks.add_up_parents],
    "tasks.share_withdrawn": [tasks.add_up_parents],
    "tasks.withdrawn": [tasks.add_up_withdrawn],
    # units that became one do their open tasks together, and apart again when that is undone
    "org.reorganised": [tasks.follow_mergers],
    "org.change_undone": [tasks.put_back_mergers],
    # whoever leaves a seat leaves the open work to the team
    "org.suspended": [tasks.release_open_work],
    "org.ended": [tasks.release_open_work, recruitment.look_again],
    "org.seats_closed": [tasks.release_open_work],
    # who takes back the consent to be organised is no applicant any more
    "consent.withdrawn": [recruitment.withdraw_leavers],
    "consent.all_withdrawn": [recruitment.withdraw_leavers],
    "people.sealed": [recruitment.withdraw_leavers],
    # who takes an application back needs no interview, and their time is free
    "recruitment.withdrawn": [recruitment.cancel_interviews],
    # of two joined entries one stays an applicant, where both had applied
    "people.merged": [recruitment.withdraw_doubles],
    "people.merge_undone": [recruitment.restore_doubles],
    # what rooms above hold of an erased person is erased too, and added to the proof
    "people.purged": [
        consent.erase_words,
        recruitment.erase_words,
        elections.forget_electors,
    ],
    # other hours of silence, another rule: what waits is judged again, and what changed by it is recorded
    "elections.poll_corrected": [delivery.judge_again, warroom.weigh_corrections],
    "elections.schedule_imported": [delivery.judge_again],
    "elections.repoll_added": [delivery.judge_again],
    "elections.rule_switched_on": [delivery.judge_again],
    # who does not vote in a seat leaves it when its silence begins
    "elections.silence_nears": [delivery.tell_leave_by],
    "elections.silence_began": [warroom.end_outsiders_shifts],
    # whom a breach of data touched is told by SMS, as the law wants
    "consent.breach_told": [delivery.tell_breach],
}
