"""The ways to one person."""

CHANNELS = ("push", "telegram", "email", "sms")
"""In the order in which they are preferred: what costs nothing first."""
POINTS = {"push": "push", "telegram": "telegram", "email": "email", "sms": "phone"}
"""Which contact point of the person each way leads to."""
NOT_REPEATABLE = ("telegram", "email")
"""Ways on which the same message twice is two: what may have gone is not sent again."""
BOT = "bot"
"""The account whose allowance messages to persons use up, where a way counts by account."""
