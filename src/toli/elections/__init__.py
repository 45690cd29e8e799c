"""Elections, polls and the hours the law keeps quiet.

Owns: Election, ElectionVersion (what a notification says of its dates), Poll (one constituency's poll), PollVersion
(what a notification says of it), ExitPollWindow, RuleSwitch (a rule of rules/*.toml switched for this deployment),
ElectorSaid (whether somebody votes in a constituency, by their own word).
Records: elections.schedule_imported, elections.correction_proposed, elections.poll_corrected,
elections.correction_refused, elections.repoll_added, elections.poll_closed, elections.dates_proposed,
elections.dates_corrected, elections.dates_refused, elections.switch_proposed, elections.rule_switched_off,
elections.rule_switched_on, elections.switch_refused, elections.elector_said, elections.silence_nears,
elections.silence_began.
Used by: content and broadcasts (the gate `may_publish`), delivery, warroom; norms end when a poll closes.
`gate`, `silence`, `law` and `schedule` are plain Python without Django, so the pulse may use them too.
"""
