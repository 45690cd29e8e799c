"""What is said: slogans, texts, pictures and facts, their wording in each language, and who approved exactly which.

Owns: Item with its ItemText and Version rows, Sheet (up to 200 slogans or cards approved together), Approval, Answer
    (why a marked passage may stay), Hold, Certificate, Comment; Media with PersonShown, PrintRun; Fact, CardRun with
    its Card rows; Campaign with its Series, Episode (a day of one) and Fill (the item that is an episode);
    DailyLine with its LineStep rows; ChannelText; Spend, the ledger.
Records: content.written, content.edited, content.submitted, content.approved, content.withdrawn, content.held,
    content.hold_lifted, content.certified, content.commented, content.comment_closed, content.sheet_made,
    content.sheet_submitted, content.sheet_approved, content.media_added, content.media_prepared, content.ai_declared,
    content.person_noted, content.person_taken_back, content.consent_ended, content.media_stopped, content.fact_added,
    content.fact_withdrawn, content.cards_ordered, content.cards_drawn, content.cards_cancelled,
    content.print_exported, content.campaign_opened, content.series_opened, content.episode_planned,
    content.episode_filled, content.episode_emptied, content.line_fact_chosen, content.line_card_made,
    content.line_step_reported, content.template_filled, content.spend_entered, content.spend_reversed,
    content.spend_exported.
Files: `intake` tells what a file is, `pictures`, `papers` and `moving` make it anew, `labels` burns in the label of AI,
    `kit.filestore` keeps it under its hash. `cards` and `facts` say and draw what a fact is.
Used by: broadcasts (what may go out), warroom (today's item of each constituency, urgent items for those on duty),
    tasks (declarations of prints).
"""
