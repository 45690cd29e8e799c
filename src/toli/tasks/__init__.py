"""Work given down the tree.

Owns: TaskTemplate, Task (what is asked, of which units, by when), Assignment (one team's share of it), HandIn, Photo,
    Reminder and BulkAct (what a bulk act changed, to undo it).
Records: tasks.given, tasks.accepted, tasks.handed_in, tasks.verified, tasks.returned, tasks.share_withdrawn,
    tasks.withdrawn, tasks.released, tasks.level_done, tasks.reopened, tasks.reminded, tasks.undone,
    tasks.template_saved, tasks.template_retired, tasks.proofs_erased.
Used by: volunteer (my day), warroom (board).
"""
