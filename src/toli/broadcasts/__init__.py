"""Content given to people: releases, the slogan pulse, and how far it reached.

Owns: Release and its approvals (audience, channels, window), Audience, Broadcast with its Recipients and Chunks, the
documents of the pulse, receipts and reach, share links, and the register of groups that people run in messaging apps.
Records: broadcasts.release_made, broadcasts.release_changed, broadcasts.release_approved,
broadcasts.release_withdrawn, broadcasts.audience_saved, broadcasts.broadcast_started, broadcasts.broadcast_paused,
broadcasts.broadcast_resumed, broadcasts.broadcast_cancelled, broadcasts.broadcast_ended, broadcasts.group_made,
broadcasts.group_changed, broadcasts.group_closed, broadcasts.groups_planned, broadcasts.group_admin_named,
broadcasts.group_admin_removed, broadcasts.posted.
Used by: volunteer (the pulse on a phone), warroom (today's item, reach). `pulse/` is a process of its own
that never imports Django.
"""
