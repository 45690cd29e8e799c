"""Pages of recruitment: one query or one service each, then render."""
