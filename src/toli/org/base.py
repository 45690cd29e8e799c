"""What an organisation starts with: levels, wings, team kinds and roles, in both languages. All of it is data and
may be changed.
"""

LEVELS: list[tuple[str, int, str, str]] = [
    ("state", 10, "राज्य", "State"),
    ("division", 20, "संभाग", "Division"),
    ("parliament", 25, "लोकसभा क्षेत्र", "Parliament seat"),
    ("district", 30, "ज़िला", "District"),
    ("subdistrict", 33, "तहसील", "Sub-district (tehsil)"),
    ("samiti", 35, "पंचायत समिति", "Panchayat samiti"),
    ("constituency", 40, "विधानसभा क्षेत्र", "Constituency"),
    ("block", 50, "ब्लॉक", "Block"),
    ("panchayat", 55, "ग्राम पंचायत", "Panchayat"),
    ("town", 56, "नगर निकाय", "Town body"),
    ("village", 58, "गाँव", "Village"),
    ("booth", 60, "बूथ", "Booth"),
]

WINGS: list[tuple[str, str, str]] = [
    ("youth", "युवा", "Youth"),
    ("women", "महिला", "Women"),
    ("farmers", "किसान", "Farmers"),
    ("students", "छात्र", "Students"),
    ("workers", "श्रमिक", "Workers"),
    ("service", "सेवा दल", "Service corps"),
    ("minorities", "अल्पसंख्यक", "Minorities"),
    ("sc", "अनुसूचित जाति", "Scheduled castes"),
    ("st", "आदिवासी", "Tribal"),
    ("obc", "पिछड़ा वर्ग", "Backward classes"),
    ("legal", "विधि", "Legal"),
    ("digital", "सोशल मीडिया", "Digital"),
]

TEAM_KINDS: list[tuple[str, str, str, str]] = [
    ("state_team", "state", "राज्य टीम", "State team"),
    ("district_team", "district", "ज़िला टीम", "District team"),
    ("constituency_team", "constituency", "विधानसभा टीम", "Constituency team"),
    ("block_team", "block", "ब्लॉक टीम", "Block team"),
    ("booth_team", "booth", "बूथ टीम", "Booth team"),
]

_LOOK = ["board.view", "org.view", "people.view", "tasks.view", "content.view", "elections.view", "warroom.own_shift"]
_LEAD = [
    *_LOOK, "audit.view", "people.correct", "org.offer", "org.end", "org.suspend", "org.camps",
    "recruitment.view", "recruitment.call", "tasks.give", "tasks.verify",
    "tasks.hand_in_for", "content.write", "broadcasts.groups", "warroom.shifts",
]  # fmt: skip
_DISTRICT = [
    *_LEAD, "recruitment.interview", "people.reveal", "people.let_in", "people.merge", "content.approve",
    "broadcasts.release", "content.spend",
]  # fmt: skip
_STATE = [
    *_DISTRICT, "people.export", "people.seal", "people.hold", "consent.grievances", "consent.breach",
    "org.offer_high", "org.shape", "org.import", "org.see_as", "content.approve_careful",
    "recruitment.manage", "recruitment.place", "elections.correct", "elections.import", "elections.rules",
    "delivery.view", "delivery.connect",
]  # fmt: skip

# key, tier, sensitive, Hindi, English, rights
ROLES: list[tuple[str, str, bool, str, str, list[str]]] = [
    ("state_coordinator", "leaders", True, "राज्य संयोजक", "State coordinator", _STATE),
    ("state_member", "leaders", True, "राज्य टीम सदस्य", "State team member", _STATE),
    ("district_coordinator", "leaders", False, "ज़िला संयोजक", "District coordinator", _DISTRICT),
    ("district_member", "leaders", False, "ज़िला टीम सदस्य", "District team member", _DISTRICT),
    ("constituency_lead", "leaders", False, "विधानसभा प्रभारी", "Constituency lead", [*_LEAD, "content.approve"]),
    ("constituency_member", "workers", False, "विधानसभा टीम सदस्य", "Constituency team member",
     [*_LOOK, "content.write"]),
    ("block_coordinator", "leaders", False, "ब्लॉक संयोजक", "Block coordinator", _LEAD),
    ("booth_lead", "workers", False, "बूथ प्रभारी", "Booth lead", [*_LOOK, "tasks.verify",
     "tasks.hand_in_for", "tasks.give"]),
    ("booth_youth", "workers", False, "बूथ युवा", "Booth youth", ["org.view", "tasks.view"]),
    ("observer", "leaders", False, "पर्यवेक्षक", "Observer", ["board.view", "org.view", "tasks.view",
     "content.view", "elections.view"]),
]  # fmt: skip
