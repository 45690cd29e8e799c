"""The named people of the demo: what each is there to show, and their seat."""

from dataclasses import dataclass

from toli.demo.names import Name


@dataclass(frozen=True)
class Role:
    """`team` and `role` name the seat. `place`: "" is the state, else a district, a seat's number, or "seat/nth booth"."""

    key: str
    name: Name
    woman: bool
    team: str
    role: str
    place: str
    shows: Name
    start: str = "/desk/board/"
    second_factor: bool = True


CAST = (
    Role("asha", Name("आशा व्यास", "Asha Vyas"), True, "state_team", "state_coordinator", "",
         Name("राज्य संयोजक: पूरा बोर्ड, चारों सीटें", "State coordinator: the whole board, all four seats")),
    Role("bilal", Name("बिलाल मंसूरी", "Bilal Mansuri"), False, "district_team", "district_coordinator", "bhilwara",
         Name("ज़िला संयोजक, भीलवाड़ा: पद भरना, काम देना", "District coordinator, Bhilwara: fills seats, gives work")),
    Role("farida", Name("फ़रीदा ख़ान", "Farida Khan"), True, "state_team", "state_member", "",
         Name("राज्य टीम: सामग्री की दूसरी मंज़ूरी", "State team: the second approval of content")),
    Role("jagdish", Name("जगदीश चौधरी", "Jagdish Choudhary"), False, "state_team", "state_member", "",
         Name("राज्य टीम: मंज़ूरी और जारी करना", "State team: approves and releases")),
    Role("imran", Name("इमरान पठान", "Imran Pathan"), False, "state_team", "state_member", "",
         Name("राज्य टीम: सिर्फ़ चार सीटें और चार ज़िले", "State team: looks after the four seats and districts only")),
    Role("gopal", Name("गोपाल डांगी", "Gopal Dangi"), False, "constituency_team", "constituency_lead", "179",
         Name("सहाड़ा प्रभारी: 21 की टीम, पारी और आज की सामग्री", "Lead of Sahara: the 21, their shifts, today's item")),
    Role("hema", Name("हेमा राठौड़", "Hema Rathore"), True, "block_team", "block_coordinator", "179/1",
         Name("ब्लॉक संयोजक, सहाड़ा: बूथों का काम जाँचना", "Block coordinator in Sahara: checks the booths' work")),
    Role("chitra", Name("चित्रा सुथार", "Chitra Suthar"), True, "booth_team", "booth_lead", "179/1",
         Name("बूथ प्रभारी: फ़ोन पर आज का काम और नारे", "Booth lead: today's work and slogans on the phone"),
         "/me/", False),
    Role("deepak", Name("दीपक गुर्जर", "Deepak Gurjar"), False, "booth_team", "booth_youth", "179/1",
         Name("बूथ युवा: एक स्वयंसेवक का फ़ोन", "Booth youth: a volunteer's phone"), "/me/", False),
    Role("kamla", Name("कमला मीणा", "Kamla Meena"), True, "district_team", "district_coordinator", "churu",
         Name("ज़िला संयोजक, चूरू: दूसरा ज़िला, दूसरा बोर्ड", "District coordinator, Churu: another district's board")),
    Role("nisha", Name("निशा पालीवाल", "Nisha Paliwal"), True, "", "", "179/2",
         Name("नई साथी: एक प्रस्ताव जवाब की राह देख रहा है", "New volunteer: an offer waits for her answer"),
         "/me/", False),
)  # fmt: skip
