"""Content given to people: releases, the slogan pulse, and how far it reached.

Owns: Release and its approvals (audience, channels, window), the documents of the pulse, receipts and reach.
Records: broadcasts.release_made, broadcasts.release_changed, broadcasts.release_approved,
broadcasts.release_withdrawn.
Used by: volunteer (the pulse on a phone), warroom (today's item, reach). `pulse/` is a process of its own
that never imports Django.
"""
