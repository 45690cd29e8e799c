"""What those who post to us are told, from the keyring: nobody sets it. Without Django, for the local server too."""

from toli.kit import secrets


def hook_secret(provider: str, name: str) -> str:
    """The secret that we give to whoever posts to us."""
    return secrets.signature(f"delivery.hook.{provider}", name)


def is_hook_secret(provider: str, name: str, word: str) -> bool:
    """True for the word that the platform was told when the hook was set up there."""
    return secrets.is_equal(word, hook_secret(provider, name))


def local_receipt_secret() -> str:
    """What the local server and this deployment share."""
    return secrets.signature("delivery.receipts", "local")
