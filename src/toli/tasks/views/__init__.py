"""Pages of the tasks room: one query or one service each, then render."""
