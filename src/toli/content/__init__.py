"""What is said: slogans, texts and pictures, their wording in each language, and who approved exactly which wording.

Owns: Item with its ItemText and Version rows, Sheet (up to 200 slogans approved together), Approval, Answer (why a
marked passage may stay), Hold, Certificate, Comment.
Records: content.written, content.edited, content.submitted, content.approved, content.withdrawn, content.held,
content.hold_lifted, content.certified, content.commented, content.comment_closed, content.sheet_made,
content.sheet_submitted, content.sheet_approved.
Used by: broadcasts (what may go out), warroom (today's item of each constituency, urgent items for those on duty).
"""
