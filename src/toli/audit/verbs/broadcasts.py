"""What broadcasts of one text to many people record."""

BROADCASTS: dict[str, dict[str, str]] = {
    "broadcasts.audience_saved": {
        "en": "{actor} saved a choice of people in {unit}",
        "hi": "{actor} ने {unit} में लोगों का एक चुनाव सहेजा",
    },
    "broadcasts.broadcast_started": {
        "en": "A broadcast of {unit} began for {people} people",
        "hi": "{unit} का प्रसारण {people} लोगों के लिए शुरू हुआ",
    },
    "broadcasts.broadcast_paused": {
        "en": "{actor} paused a broadcast of {unit}",
        "hi": "{actor} ने {unit} का प्रसारण रोककर रखा",
    },
    "broadcasts.broadcast_resumed": {
        "en": "{actor} let a broadcast of {unit} go on",
        "hi": "{actor} ने {unit} का प्रसारण फिर चलाया",
    },
    "broadcasts.broadcast_cancelled": {
        "en": "{actor} cancelled a broadcast of {unit}",
        "hi": "{actor} ने {unit} का प्रसारण रद्द किया",
    },
    "broadcasts.broadcast_ended": {
        "en": "A broadcast of {unit} ended: {sent} sent, {failed} did not arrive, {refused} held back",
        "hi": "{unit} का प्रसारण ख़त्म: {sent} भेजे, {failed} नहीं पहुँचे, {refused} रोके गए",
    },
}
