"""Pages of the broadcasts room: one query or one service each, then render."""
