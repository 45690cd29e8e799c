"""Content given to people: releases, the slogan pulse, and how far it reached.

Owns: Release and its approvals (audience, channels, window), Audience, Broadcast with its Recipients and Chunks, the
documents of the pulse, receipts and reach.
Records: broadcasts.release_made, broadcasts.release_changed, broadcasts.release_approved,
broadcasts.release_withdrawn, broadcasts.audience_saved, broadcasts.broadcast_started, broadcasts.broadcast_paused,
broadcasts.broadcast_resumed, broadcasts.broadcast_cancelled, broadcasts.broadcast_ended.
Used by: volunteer (the pulse on a phone), warroom (today's item, reach). `pulse/` is a process of its own
that never imports Django.
"""
