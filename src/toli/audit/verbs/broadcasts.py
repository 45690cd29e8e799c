"""What the broadcasts room records."""

BROADCASTS: dict[str, dict[str, str]] = {
    "broadcasts.release_made": {
        "en": "{actor} planned a release in {unit}",
        "hi": "{actor} ने {unit} में संदेश जारी करने की योजना बनाई",
    },
    "broadcasts.release_changed": {
        "en": "{actor} changed a release; its approval fell away",
        "hi": "{actor} ने जारी करने की योजना बदली; मंज़ूरी हट गई",
    },
    "broadcasts.release_approved": {
        "en": "{actor} approved a release in {unit}",
        "hi": "{actor} ने {unit} में जारी करना मंज़ूर किया",
    },
    "broadcasts.release_withdrawn": {
        "en": "{actor} stopped a release in {unit}",
        "hi": "{actor} ने {unit} में जारी करना रोका",
    },
    "broadcasts.group_made": {
        "en": "{actor} put a message group of {unit} into the register",
        "hi": "{actor} ने {unit} का एक ग्रुप सूची में जोड़ा",
    },
    "broadcasts.group_changed": {
        "en": "{actor} changed what is known of a group of {unit}",
        "hi": "{actor} ने {unit} के एक ग्रुप की जानकारी बदली",
    },
    "broadcasts.group_closed": {
        "en": "{actor} closed a group of {unit} in the register",
        "hi": "{actor} ने {unit} का एक ग्रुप सूची में बंद किया",
    },
    "broadcasts.groups_planned": {
        "en": "{actor} planned {groups} message groups for {unit}",
        "hi": "{actor} ने {unit} के लिए {groups} ग्रुप तय किए",
    },
    "broadcasts.group_admin_named": {
        "en": "{actor} named an admin for a group of {unit}",
        "hi": "{actor} ने {unit} के एक ग्रुप का एडमिन चुना",
    },
    "broadcasts.group_admin_removed": {
        "en": "{actor} removed an admin of a group of {unit}",
        "hi": "{actor} ने {unit} के एक ग्रुप का एडमिन हटाया",
    },
    "broadcasts.posted": {
        "en": "An admin said that a text stands in a group of {unit}",
        "hi": "एडमिन ने बताया कि संदेश {unit} के ग्रुप में लग गया",
    },
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
