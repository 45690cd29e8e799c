"""Elections, polls and the hours the law keeps quiet.

Owns: Election, Poll (one constituency's poll), PollVersion (what a notification says of it), ExitPollWindow.
Records: elections.schedule_imported, elections.correction_proposed, elections.poll_corrected,
elections.correction_refused, elections.poll_closed.
Used by: content and broadcasts (the gate `may_publish`), delivery, warroom; norms end when a poll closes.
`gate`, `silence`, `law` and `schedule` are plain Python without Django, so the pulse may use them too.
"""
