"""Names for villages that do not exist: a first part and an ending, as villages of the state are named."""

from collections.abc import Iterator
from random import Random

from toli.demo.names import Name

_FIRST = """राम Ram|देव Dev|गोपाल Gopal|किशन Kishan|हरि Hari|सूरज Suraj|चांद Chand|भीम Bhim|लक्ष्मण Lakshman|गंगा Ganga|
जय Jai|मान Man|रतन Ratan|मोती Moti|हीरा Hira|केसर Kesar|नाहर Nahar|बाघ Bagh|मोर Mor|नील Neel|पीपल Pipal|खेजड़ Khejad|
बोर Bor|आम Aam|नीम Neem|बड़ Bad|कोटड़ Kotad|सांगा Sanga|उदा Uda|अमर Amar|फतह Fatah|विजय Vijay|सुंदर Sundar|रूप Roop|
धन Dhan|सोन Son|चंदन Chandan|तेज Tej|वीर Veer|भान Bhan|पद्म Padm|कल्याण Kalyan|माधो Madho|सुख Sukh|बालू Balu|झूंझार Jhunjhar"""
_LAST = """पुरा pura|गढ़ garh|खेड़ा kheda|वास vas|नगर nagar|सर sar|वाड़ा wada|पुर pur|गांव gaon|ड़ी di|लाई lai|कोट kot|
थला thala|वली vali|ड़ा da|ताल tal|बास bas|मगरा magra"""
_BEFORE = (
    Name("", ""),
    Name("नया ", "Naya "),
    Name("छोटा ", "Chhota "),
    Name("बड़ा ", "Bada "),
    Name("ऊपरला ", "Uparla "),
)


def _parts(text: str) -> list[Name]:
    return [Name(*entry.strip().split(" ")) for entry in text.replace("\n", "").split("|")]


FIRST, LAST = _parts(_FIRST), _parts(_LAST)


def villages(random: Random) -> Iterator[Name]:
    """Village names without repetition, plain ones first; there are four thousand of them."""
    for before in _BEFORE:
        pairs = [(first, last) for first in FIRST for last in LAST]
        random.shuffle(pairs)
        for first, last in pairs:
            yield Name(f"{before.hi}{first.hi}{last.hi}", f"{before.en}{first.en}{last.en}")
