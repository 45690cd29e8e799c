"""What the gate says, by language: plain data, because the gate works where Django is not."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: dict[str, dict[str, str]] = {
    "allowed": {"en": "May go out.", "hi": "भेज सकते हैं।"},
    "silence": {
        "en": "{unit} is silent until {until}: no appeal may go out there.",
        "hi": "{unit} में {until} तक मौन अवधि है: तब तक वहाँ वोट की अपील नहीं जा सकती।",
    },
    "silence_unconfirmed": {
        "en": "{unit} is treated as silent until {until}, because its closing hour is not confirmed.",
        "hi": "{unit} में मतदान ख़त्म होने का समय पक्का नहीं है, इसलिए {until} तक मौन अवधि मानी गई है।",
    },
    "unhoured": {
        "en": "The poll in {unit} has no published hour: appeals stop there until {until}.",
        "hi": "{unit} के मतदान का समय अभी घोषित नहीं है: {until} तक वहाँ वोट की अपील नहीं जा सकती।",
    },
    "names_silent": {
        "en": "This channel reaches everybody, and the text names {units}, which is silent.",
        "hi": "यह माध्यम सब तक जाता है और लिखे में {units} का नाम है, जहाँ मौन अवधि है।",
    },
    "all_silent": {
        "en": "Every constituency this channel reaches is silent until {until}.",
        "hi": "यह माध्यम जहाँ-जहाँ जाता है, वहाँ सब जगह {until} तक मौन अवधि है।",
    },
    "exit_poll": {
        "en": "Exit polls may not be shown anywhere until {until}.",
        "hi": "{until} तक एग्ज़िट पोल कहीं नहीं दिखाए जा सकते।",
    },
    "opinion_poll": {
        "en": "Opinion polls may not be shown in {unit} until {until}.",
        "hi": "{until} तक {unit} में जनमत सर्वेक्षण नहीं दिखाए जा सकते।",
    },
    "no_certificate": {
        "en": "A paid message needs the certificate of the media committee for exactly this file.",
        "hi": "पैसे देकर चलाए जाने वाले संदेश के लिए इसी फ़ाइल का मीडिया समिति का प्रमाण-पत्र चाहिए।",
    },
    "certificate_expired": {
        "en": "The certificate of the media committee has ended.",
        "hi": "मीडिया समिति के प्रमाण-पत्र की अवधि ख़त्म हो गई है।",
    },
    "ai_unlabelled": {
        "en": "Made or changed by machine: it needs its label before it may go out.",
        "hi": "मशीन से बना या बदला हुआ है: भेजने से पहले उस पर इसका निशान चाहिए।",
    },
    "unknown_kind": {
        "en": "Nobody has said yet whether this is an appeal, a civic notice or an internal one.",
        "hi": "अभी किसी ने नहीं बताया कि यह अपील है, नागरिक सूचना है या टीम की बात।",
    },
    "stale": {
        "en": "The hours of the polls could not be read just now, so nothing goes out.",
        "hi": "मतदान के समय अभी पढ़े नहीं जा सके, इसलिए कुछ नहीं भेजा जा रहा।",
    },
}

WHAT_TO_DO: dict[str, dict[str, str]] = {
    "allowed": {"en": "", "hi": ""},
    "wait": {
        "en": "It stays here and can go out after {until}. Civic and internal messages still go.",
        "hi": "यह यहीं रखा है और {until} के बाद जा सकता है। नागरिक सूचना और टीम की बात अब भी जा सकती है।",
    },
    "correct_row": {
        "en": "If the notification gives an hour, two people can correct the poll's row.",
        "hi": "अधिसूचना में समय दिया हो तो दो लोग मिलकर मतदान की पंक्ति सुधार सकते हैं।",
    },
    "take_name_out": {
        "en": "Take the name out, or send it only to constituencies that are not silent.",
        "hi": "नाम हटाएँ, या सिर्फ़ उन विधानसभाओं में भेजें जहाँ मौन अवधि नहीं है।",
    },
    "get_certificate": {
        "en": "Apply to the media committee, then enter number, committee and validity.",
        "hi": "मीडिया समिति में आवेदन करें, फिर नंबर, समिति और अवधि भरें।",
    },
    "label": {"en": "Add the label and have it approved again.", "hi": "निशान लगाएँ और फिर से मंज़ूरी लें।"},
    "choose_kind": {
        "en": "Choose the kind; the approver confirms it.",
        "hi": "प्रकार चुनें; मंज़ूरी देने वाले उसे पक्का करेंगे।",
    },
    "try_again": {"en": "Try again in a minute.", "hi": "एक मिनट में फिर कोशिश करें।"},
}


def say(
    texts: Mapping[str, Mapping[str, str]], key: str, params: Mapping[str, Mapping[str, str]], language: str
) -> str:
    """The sentence in the language (Hindi where it is missing), its params filled in the same language."""
    by_language = texts[key]
    template = by_language.get(language) or by_language["hi"]
    filled = {
        name: value.get(language) or value.get("hi") or next(iter(value.values()), "") for name, value in params.items()
    }
    return template.format_map(filled)
