"""Pages of the org room: one query or one service each, then render."""
