"""Work given down the tree.

Owns: TaskTemplate, Task (what is asked, of which units, by when), Assignment (one team's share of it), ShareMove (what
    a merger of units did to a share), HandIn, Photo, PhotoLook and PhotoMatch (a photo that was seen before), Reminder,
    Muted (who wants none by SMS), BulkAct (what a bulk act changed, to undo it).
Records: tasks.given, tasks.accepted, tasks.handed_in, tasks.verified, tasks.returned, tasks.share_withdrawn,
    tasks.withdrawn, tasks.released, tasks.level_done, tasks.reopened, tasks.reminded, tasks.undone,
    tasks.template_saved, tasks.template_retired, tasks.proofs_erased, tasks.photos_judged, tasks.reminders_muted,
    tasks.reminders_unmuted, tasks.shares_followed, tasks.shares_put_back.
Used by: volunteer (my day), warroom (board).
"""
