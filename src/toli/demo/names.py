"""Made-up people: common given names and surnames, each in both scripts, joined by chance."""

from random import Random
from typing import NamedTuple

_WOMEN = """अंजलि Anjali|अनीता Anita|आरती Aarti|उषा Usha|कमला Kamla|कविता Kavita|किरण Kiran|गीता Geeta|चंदा Chanda|
जया Jaya|ज्योति Jyoti|दीपा Deepa|निर्मला Nirmala|नीलम Neelam|पूजा Pooja|प्रिया Priya|बबीता Babita|मंजू Manju|ममता Mamta|
मीना Meena|मोनिका Monika|राधा Radha|रेखा Rekha|रेणु Renu|लक्ष्मी Lakshmi|ललिता Lalita|विमला Vimla|शारदा Sharda|शांति Shanti|
संगीता Sangeeta|संतोष Santosh|सरोज Saroj|सावित्री Savitri|सीमा Seema|सुनीता Sunita|सुशीला Sushila|हेमा Hema|भावना Bhavna|
नसीम Naseem|शबनम Shabnam|फ़रज़ाना Farzana|सोनू Sonu|पिंकी Pinki|रुक्मणी Rukmani|तारा Tara|गंगा Ganga|यशोदा Yashoda"""
_MEN = """अजय Ajay|अनिल Anil|अमित Amit|अर्जुन Arjun|अशोक Ashok|इरफ़ान Irfan|कमलेश Kamlesh|कैलाश Kailash|गणेश Ganesh|
गोपाल Gopal|घनश्याम Ghanshyam|जगदीश Jagdish|जितेंद्र Jitendra|दिनेश Dinesh|दीपक Deepak|देवीलाल Devilal|धर्मेंद्र Dharmendra|
नरेश Naresh|नारायण Narayan|पंकज Pankaj|प्रकाश Prakash|बाबूलाल Babulal|भंवर Bhanwar|भरत Bharat|मनोज Manoj|महेश Mahesh|
महावीर Mahaveer|मुकेश Mukesh|मोहन Mohan|रमेश Ramesh|राकेश Rakesh|राजेश Rajesh|राजेंद्र Rajendra|रामलाल Ramlal|
लोकेश Lokesh|विकास Vikas|विजय Vijay|विनोद Vinod|शंकर Shankar|श्याम Shyam|संजय Sanjay|सलीम Saleem|सुनील Sunil|सुरेश Suresh|
हरीश Harish|हेमंत Hemant|आरिफ़ Arif|किशन Kishan|लालचंद Lalchand|ओमप्रकाश Omprakash"""
_SURNAMES = """शर्मा Sharma|मीणा Meena|जाट Jat|गुर्जर Gurjar|सिंह Singh|कुमावत Kumawat|सैनी Saini|माली Mali|जैन Jain|
व्यास Vyas|जोशी Joshi|पुरोहित Purohit|राठौड़ Rathore|चौहान Chauhan|शेखावत Shekhawat|चौधरी Choudhary|यादव Yadav|बैरवा Bairwa|
मेघवाल Meghwal|रैगर Raigar|खटीक Khatik|तेली Teli|लोहार Lohar|सुथार Suthar|प्रजापत Prajapat|डांगी Dangi|पटेल Patel|भील Bheel|
गरासिया Garasia|डामोर Damor|ख़ान Khan|अंसारी Ansari|पठान Pathan|मंसूरी Mansuri|सोनी Soni|अग्रवाल Agarwal|गुप्ता Gupta|
टांक Tank|नागर Nagar|धाकड़ Dhakad|लोढ़ा Lodha|छीपा Chhipa|वैष्णव Vaishnav|पालीवाल Paliwal|त्रिवेदी Trivedi|मेहता Mehta"""


class Name(NamedTuple):
    hi: str
    en: str


def _pairs(text: str) -> list[Name]:
    return [Name(*entry.strip().split(" ")) for entry in text.replace("\n", "").split("|")]


WOMEN, MEN, SURNAMES = _pairs(_WOMEN), _pairs(_MEN), _pairs(_SURNAMES)


def person_name(random: Random, *, woman: bool) -> Name:
    """A given name and a surname; the same pair may come twice, as it does among real people."""
    given, surname = random.choice(WOMEN if woman else MEN), random.choice(SURNAMES)
    return Name(f"{given.hi} {surname.hi}", f"{given.en} {surname.en}")
