"""Who is who in the demo, with a login link for each."""

from toli.accounts.door import demo_path
from toli.accounts.models import Holder
from toli.accounts.queries import key_of
from toli.demo.cast import CAST
from toli.demo.people import number_of


def introductions(address: str, language: str = "en") -> str:
    """One line per named person: name, what they are there to show, and the link that opens their session."""
    lines = []
    for nth, role in enumerate(CAST, start=1):
        holder = Holder.objects.filter(login__key=key_of(number_of(nth)), slot=1).first()
        if holder is None:
            continue
        link = address.rstrip("/") + demo_path(holder, second_factor=role.second_factor, next_url=role.start)
        name, shows = (role.name.hi, role.shows.hi) if language == "hi" else (role.name.en, role.shows.en)
        lines.append(f"{name}: {shows}\n  {link}\n  {number_of(nth)}")
    return "\n".join(lines)
