"""Tables of the content room."""

from toli.content.models.daily import DailyLine, LineStep
from toli.content.models.facts import Card, CardRun, Fact
from toli.content.models.items import (
    APPROVALS_NEEDED,
    Answer,
    Approval,
    Certificate,
    ChannelText,
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
from toli.content.models.spending import Spend

PERSONAL: dict[str, str] = {
    "PersonShown.name": "who is shown and agreed to it, for whoever approves; as long as the file is in the library",
    "PrintRun.publisher": "who publishes, as the law wants it on the page; as long as the record of printing",
    "PrintRun.publisher_address": "the publisher's address on the page; as long as the record of printing",
    "Spend.payee": "who was paid, as the statement of spending has to name them; as long as the ledger",
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
    "ChannelText",
    "Comment",
    "DailyLine",
    "Episode",
    "Fact",
    "Fill",
    "Hold",
    "Item",
    "ItemText",
    "LineStep",
    "Media",
    "PersonShown",
    "PrintRun",
    "Series",
    "Sheet",
    "Spend",
    "State",
    "Version",
]  # fmt: skip
