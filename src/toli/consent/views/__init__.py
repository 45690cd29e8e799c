"""Pages of the consent room: one query or one service each, then render."""
