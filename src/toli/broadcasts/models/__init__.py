"""Tables of the broadcasts room."""

from toli.broadcasts.models.groups import Group, GroupAdmin, Posting
from toli.broadcasts.models.links import LinkReach, LinkSalt, LinkTrace
from toli.broadcasts.models.reach import Reach, Receipt, Sighting
from toli.broadcasts.models.releases import Release
from toli.broadcasts.models.streams import Build, Document, Follow

PERSONAL: dict[str, str] = {}
"""None: `reader` holds for one day and leads to no person without the key of the pulse."""

__all__ = [
    "PERSONAL", "Build", "Document", "Follow", "Group", "GroupAdmin", "LinkReach", "LinkSalt", "LinkTrace",
    "Posting", "Reach", "Receipt", "Release", "Sighting",
]  # fmt: skip
