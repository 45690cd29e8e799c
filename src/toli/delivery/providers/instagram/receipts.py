"""What Meta posts to us about an Instagram account: what somebody wrote to it, as for a Page."""

from toli.delivery.providers.facebook.receipts import is_genuine, read

__all__ = ["is_genuine", "read"]
