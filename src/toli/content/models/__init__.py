"""Tables of the content room."""

from toli.content.models.facts import Card, CardRun, Fact
from toli.content.models.items import (
    APPROVALS_NEEDED,
    Answer,
    Approval,
    Certificate,
    Comment,
    Hold,
    Item,
    ItemText,
    Sheet,
    State,
    Version,
)
from toli.content.models.media import Media, PersonShown, PrintRun
from toli.content.models.series import Campaign, Episode, Fill, Series

PERSONAL: dict[str, str] = {
    "PersonShown.name": "who is shown and agreed to it, for whoever approves; as long as the file is in the library",
    "PrintRun.publisher": "who publishes, as the law wants it on the page; as long as the record of printing",
    "PrintRun.publisher_address": "the publisher's address on the page; as long as the record of printing",
}

__all__ = [
    "APPROVALS_NEEDED",
    "PERSONAL",
    "Answer",
    "Approval",
    "Campaign",
    "Card",
    "CardRun",
    "Certificate",
    "Comment",
    "Episode",
    "Fact",
    "Fill",
    "Hold",
    "Item",
    "ItemText",
    "Media",
    "PersonShown",
    "PrintRun",
    "Series",
    "Sheet",
    "State",
    "Version",
]  # fmt: skip
