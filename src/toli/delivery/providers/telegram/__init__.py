"""Telegram's Bot API: posts to the organisation's channels and groups, and messages to who wrote to the bot first."""
