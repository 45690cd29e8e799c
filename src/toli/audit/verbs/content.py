"""One sentence per verb of content, in English and Hindi."""

CONTENT: dict[str, dict[str, str]] = {
    "content.written": {"en": "{actor} wrote something new for {unit}", "hi": "{actor} ने {unit} के लिए नया संदेश लिखा"},
    "content.edited": {
        "en": "{actor} changed a text; approvals fell away",
        "hi": "{actor} ने एक संदेश बदला; पुरानी मंज़ूरी हट गई",
    },
    "content.submitted": {"en": "{actor} sent a text for approval", "hi": "{actor} ने एक संदेश मंज़ूरी के लिए भेजा"},
    "content.approved": {"en": "{actor} approved a text in {unit}", "hi": "{actor} ने {unit} का एक संदेश मंज़ूर किया"},
    "content.withdrawn": {"en": "{actor} withdrew a text in {unit}", "hi": "{actor} ने {unit} का एक संदेश वापस लिया"},
    "content.held": {
        "en": "{actor} stopped a text in {unit} until a question is settled",
        "hi": "{actor} ने {unit} का एक संदेश सवाल सुलझने तक रोका",
    },
    "content.hold_lifted": {
        "en": "{actor} settled the question and let a text in {unit} go on",
        "hi": "{actor} ने सवाल सुलझाकर {unit} का रुका संदेश आगे बढ़ाया",
    },
    "content.certified": {
        "en": "{actor} noted the media committee's certificate {number} for a text in {unit}",
        "hi": "{actor} ने {unit} के संदेश के लिए मीडिया समिति का प्रमाण-पत्र {number} दर्ज किया",
    },
    "content.commented": {
        "en": "{actor} commented on a text in {unit}",
        "hi": "{actor} ने {unit} के एक संदेश पर टिप्पणी लिखी",
    },
    "content.comment_closed": {
        "en": "{actor} marked a comment on a text in {unit} as done",
        "hi": "{actor} ने {unit} के संदेश की एक टिप्पणी पूरी मानी",
    },
    "content.sheet_made": {
        "en": "{actor} wrote a sheet of {slogans} slogans",
        "hi": "{actor} ने {slogans} नारों का पन्ना लिखा",
    },
    "content.sheet_submitted": {
        "en": "{actor} sent {slogans} slogans for approval",
        "hi": "{actor} ने {slogans} नारे मंज़ूरी के लिए भेजे",
    },
    "content.sheet_approved": {
        "en": "{actor} approved a sheet of slogans in {unit}",
        "hi": "{actor} ने {unit} का नारों का पन्ना मंज़ूर किया",
    },
    "content.media_added": {
        "en": "{actor} added a file to the library of {unit}",
        "hi": "{actor} ने {unit} के मीडिया भंडार में एक फ़ाइल रखी",
    },
    "content.media_prepared": {
        "en": "A video or sound was made anew and checked",
        "hi": "एक वीडियो या आवाज़ नए सिरे से बनाकर जाँची गई",
    },
    "content.ai_declared": {
        "en": "{actor} declared that a file was made or changed with AI; {items_stopped} texts became drafts",
        "hi": "{actor} ने बताया कि एक फ़ाइल AI से बनी या बदली गई है; {items_stopped} संदेश मसौदे बने",
    },
    "content.person_noted": {
        "en": "{actor} noted the consent of somebody shown",
        "hi": "{actor} ने दिखने वाले एक व्यक्ति की सहमति दर्ज की",
    },
    "content.person_taken_back": {
        "en": "Somebody shown took their consent back; {items_stopped} texts became drafts",
        "hi": "दिखने वाले एक व्यक्ति ने सहमति वापस ली; {items_stopped} संदेश मसौदे बने",
    },
    "content.consent_ended": {
        "en": "The consent of somebody shown ended; {items_stopped} texts became drafts",
        "hi": "दिखने वाले एक व्यक्ति की सहमति की अवधि पूरी हुई; {items_stopped} संदेश मसौदे बने",
    },
    "content.media_stopped": {
        "en": "{actor} took a file out of use; {items_stopped} texts became drafts",
        "hi": "{actor} ने एक फ़ाइल का इस्तेमाल रोका; {items_stopped} संदेश मसौदे बने",
    },
    "content.fact_added": {"en": "{actor} kept a fact of {unit}", "hi": "{actor} ने {unit} का एक तथ्य दर्ज किया"},
    "content.fact_withdrawn": {
        "en": "{actor} withdrew a fact of {unit} and {cards} cards",
        "hi": "{actor} ने {unit} का एक तथ्य और {cards} कार्ड वापस लिए",
    },
    "content.cards_ordered": {
        "en": "{actor} ordered {cards} cards of {facts} facts",
        "hi": "{actor} ने {facts} तथ्यों के {cards} कार्ड बनवाए",
    },
    "content.cards_drawn": {
        "en": "{cards} cards were drawn and wait for approval",
        "hi": "{cards} कार्ड बन गए और मंज़ूरी का इंतज़ार है",
    },
    "content.cards_cancelled": {
        "en": "{actor} stopped an order of cards; {drawn} are drawn",
        "hi": "{actor} ने कार्ड बनवाना रोका; {drawn} बन चुके हैं",
    },
    "content.print_exported": {
        "en": "{actor} made a page for the printer, {copies} copies; the declaration is due in 3 days",
        "hi": "{actor} ने छपाई के लिए पन्ना बनाया, {copies} प्रतियाँ; घोषणा 3 दिन में देनी है",
    },
    "content.campaign_opened": {
        "en": "{actor} opened a campaign in {unit}",
        "hi": "{actor} ने {unit} में एक अभियान शुरू किया",
    },
    "content.series_opened": {
        "en": "{actor} opened a series of {days} days in {unit}",
        "hi": "{actor} ने {unit} में {days} दिनों की एक शृंखला शुरू की",
    },
    "content.episode_planned": {
        "en": "{actor} planned episode {number} for {day}",
        "hi": "{actor} ने {day} के लिए कड़ी {number} तय की",
    },
    "content.episode_filled": {
        "en": "{actor} put an item into episode {number} for {unit}",
        "hi": "{actor} ने {unit} के लिए कड़ी {number} में एक संदेश रखा",
    },
    "content.episode_emptied": {
        "en": "{actor} took an item out of episode {number} for {unit}",
        "hi": "{actor} ने {unit} की कड़ी {number} से एक संदेश हटाया",
    },
    "content.line_fact_chosen": {
        "en": "{actor} chose the fact of {day} for {unit}",
        "hi": "{actor} ने {unit} के लिए {day} का तथ्य चुना",
    },
    "content.line_card_made": {
        "en": "{actor} made the card of {day} for {unit}",
        "hi": "{actor} ने {unit} का {day} का कार्ड बनाया",
    },
    "content.line_step_reported": {
        "en": "A step of the daily line was reported for {lines} constituencies",
        "hi": "{lines} विधानसभाओं की आज की बात का एक क़दम पूरा बताया गया",
    },
    "content.template_filled": {
        "en": "{actor} filled a template for {slogans} constituencies",
        "hi": "{actor} ने {slogans} विधानसभाओं के लिए साँचा भरा",
    },
    "content.spend_entered": {
        "en": "{actor} entered a payment of {unit} in the ledger",
        "hi": "{actor} ने {unit} का एक भुगतान ख़र्च के खाते में लिखा",
    },
    "content.spend_reversed": {
        "en": "{actor} reversed a wrong row of {unit} in the ledger",
        "hi": "{actor} ने {unit} के ख़र्च की एक ग़लत पंक्ति उलटी",
    },
    "content.spend_exported": {
        "en": "{actor} took out a statement of {rows} payments: {reason}",
        "hi": "{actor} ने {rows} भुगतानों का हिसाब निकाला: {reason}",
    },
}
