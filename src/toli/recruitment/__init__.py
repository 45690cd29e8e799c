"""From a join page to a seat.

Owns: Drive (a call to join, with its own page) with its FormVersion (questions), DrivePlace (what it offers),
UnitRank, JoinLink, FunnelRow, RoundRow, PanelReading and PastSeat with the time of their FunnelReading (counted from
the facts), Application (one person's answer to it) with its Trace (keyed digests of where it came from), Cluster
(applications that look as if one hand made them), CallPlan, CallBack and CallAttempt (applicants drawn by lot and
asked), InvitationBatch and Invitation (a link the person opens themselves), PlaceOffer (what follows a signed
placement), PastDrive (why a promised seat was filled by hand), CardRecall (cards that were lost), Round, Panel, Slot,
SlotPlan (times given out by the worker), Interview and Scorecard (who is interviewed when, by whom, and what they
gave), PlacementRun (who gets which place, with Outcome and CutOff), Appeal and AppealVote, WaitingLine with its
WaitingReading (the line before the form when too many come at once).
Records: recruitment.drive_opened, recruitment.drive_changed, recruitment.drive_closed, recruitment.questions_saved,
recruitment.places_taken, recruitment.place_set, recruitment.place_rules_set, recruitment.place_withdrawn,
recruitment.rank_set, recruitment.rank_cleared, recruitment.poster_made, recruitment.link_made, recruitment.applied,
recruitment.withdrawn, recruitment.offered, recruitment.placed, recruitment.reopened, recruitment.calls_drawn,
recruitment.call_opened, recruitment.call_made, recruitment.clusters_found, recruitment.cluster_cleared,
recruitment.cluster_confirmed, recruitment.traces_erased, recruitment.batch_declared, recruitment.batch_refused,
recruitment.batch_started, recruitment.batch_loaded, recruitment.batch_sent, recruitment.batch_undone,
recruitment.offers_prepared, recruitment.offered_many, recruitment.offers_answered, recruitment.offers_lost,
recruitment.offers_void, recruitment.next_called, recruitment.past_drive, recruitment.chose_to_stay,
recruitment.stays_on_lists, recruitment.leaves_lists, recruitment.seats_left, recruitment.card_recalled,
recruitment.round_added, recruitment.panels_added, recruitment.panel_changed, recruitment.panel_joined,
recruitment.panel_left, recruitment.slots_made, recruitment.times_asked, recruitment.interviews_given,
recruitment.interview_confirmed, recruitment.interview_moved, recruitment.interview_declined,
recruitment.interview_missed, recruitment.interview_refilled, recruitment.interviews_reminded,
recruitment.interviews_cancelled, recruitment.scored, recruitment.conflict_declared, recruitment.number_opened,
recruitment.sample_handed_in, recruitment.scores_settled, recruitment.words_erased, recruitment.run_made,
recruitment.run_signed_once, recruitment.run_signed, recruitment.appealed, recruitment.appeal_voted,
recruitment.appeal_upheld, recruitment.appeal_refused, recruitment.line_began, recruitment.line_ended,
recruitment.line_switched; the join also people.joined and consent.given.
Used by: volunteer (what became of my application, my card), warroom (how many applied).
"""
