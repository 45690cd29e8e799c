"""The organisation: its units in three hierarchies, its teams and seats, and who sits where.

Owns: Level, Unit, UnitCode, UnitLink, Wing, TeamKind, Role, Norm, Seat, SeatCharge, Appointment, NamedHolder,
    Import with ImportedUnit, ImportedRow and StationPair, Membership, Delta, Count, Snapshot, SnapshotSlot, Activity,
    Reorganisation, Change, Delegation, Term, Handle, HandleOperator, WorkWish, SignInHelp, HelpConfirmation.
Records: org.unit_created, org.unit_moved, org.units_imported, org.import_started, org.import_stopped,
    org.import_undone, org.stations_renewed, org.seats_opened, org.seats_closed, org.offered, org.offered_many,
    org.accepted, org.declined, org.offer_lapsed, org.offer_withdrawn, org.offers_withdrawn, org.ended, org.suspended,
    org.restored, org.handed_over, org.charge_given, org.change_drafted, org.change_planned, org.reorganised,
    org.change_undone, org.change_cancelled, org.change_failed, org.delegated, org.delegation_ended, org.seeing_begun,
    org.seeing_ended, org.norm_ended, org.work_wished, org.work_wish_ended, org.terms_listed, org.handle_declared,
    org.handle_confirmed, org.handle_ended, org.operator_named, org.operator_ended, org.holders_named,
    org.holder_invited, org.holder_claimed, org.name_refused, org.names_erased, org.home_changed, org.help_asked,
    org.help_confirmed, org.help_given, org.help_refused, org.help_cancelled, org.help_lapsed, org.camp_opened,
    org.camp_ended, people.number_changed, people.duplicates_sought, people.called_different, people.merged,
    people.merge_undone.
As on a day: `queries.children_on(unit_id, on, hierarchy)` and `queries.path_on(...)`, from the dated links.
Used by: every room above; `access.py` decides what an actor may see and do, `rights.py` is the one list of rights.
"""
