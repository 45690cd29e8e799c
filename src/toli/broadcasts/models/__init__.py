"""Tables of the broadcasts room."""

from toli.broadcasts.models.broadcasts import Audience, Broadcast, Chunk, Recipient
from toli.broadcasts.models.groups import Group, GroupAdmin, Posting
from toli.broadcasts.models.links import LinkReach, LinkSalt, LinkTrace
from toli.broadcasts.models.reach import Reach, Receipt, Sighting
from toli.broadcasts.models.releases import Release
from toli.broadcasts.models.streams import Build, Document, Follow, Listening

PERSONAL: dict[str, str] = {
    "Recipient.person_id": "to whom a broadcast went, so that nobody gets it twice; 1 year",
}
"""Not among them: `reader` holds for one day and leads to no person without the key of the pulse."""

__all__ = [
    "PERSONAL", "Audience", "Broadcast", "Build", "Chunk", "Document", "Follow", "Group", "GroupAdmin", "LinkReach",
    "LinkSalt", "LinkTrace", "Listening", "Posting", "Reach", "Receipt", "Recipient", "Release", "Sighting",
]  # fmt: skip
