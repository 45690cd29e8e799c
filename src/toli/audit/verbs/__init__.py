"""One sentence per verb, in English and Hindi: what a timeline or a ticker says.

`{actor}` is the seat that acted (never a person's name), `{unit}` the unit; other names come from the record's data.
A room with many has a file of its own.
"""

from toli.audit.verbs.broadcasts import BROADCASTS
from toli.audit.verbs.content import CONTENT
from toli.audit.verbs.recruitment import RECRUITMENT

VERBS: dict[str, dict[str, str]] = {
    # config
    "config.restored": {
        "en": "Everything was put back as it was at {made_at}",
        "hi": "सब कुछ {made_at} की सहेजी प्रति से वापस रखा गया",
    },
    "config.clock_set": {
        "en": "A machine's clock was set by {seconds} s: until it is right, nothing ends by the hour and silence is kept longer",
        "hi": "एक मशीन की घड़ी {seconds} सेकंड बदली गई: ठीक होने तक समय से कुछ ख़त्म नहीं होगा और मौन ज़्यादा देर रहेगा",
    },
    "config.clock_apart": {
        "en": "A machine's clock is {seconds} s away from the database's",
        "hi": "एक मशीन की घड़ी डेटाबेस की घड़ी से {seconds} सेकंड अलग है",
    },
    "config.clock_fine": {"en": "The clocks agree again", "hi": "घड़ियाँ फिर एक-सी हैं"},
    # accounts
    "accounts.signed_in": {"en": "A number was proved by its code", "hi": "एक नंबर की कोड से पुष्टि हुई"},
    "accounts.holder_added": {"en": "One more person uses the same number", "hi": "उसी नंबर पर एक और साथी जुड़े"},
    "accounts.pin_set": {"en": "A person set a PIN", "hi": "एक साथी ने अपना PIN बनाया"},
    "accounts.pin_cleared": {"en": "{actor} cleared a forgotten PIN", "hi": "{actor} ने एक भूला हुआ PIN हटाया"},
    "accounts.ended_sessions": {
        "en": "{actor} signed a person out of every phone",
        "hi": "{actor} ने एक साथी को हर फ़ोन से बाहर किया",
    },
    "accounts.ended_session": {
        "en": "A person signed one phone or browser out",
        "hi": "एक साथी ने एक फ़ोन या ब्राउज़र से बाहर किया",
    },
    "accounts.ended_trust": {
        "en": "A person made one phone ask a code again",
        "hi": "एक साथी ने एक फ़ोन पर फिर से कोड माँगना चालू किया",
    },
    "accounts.factor_added": {"en": "A person set up a second proof", "hi": "एक साथी ने दूसरी पहचान लगाई"},
    "accounts.factor_removed": {"en": "A person removed a second proof", "hi": "एक साथी ने दूसरी पहचान हटाई"},
    "accounts.factors_cleared": {
        "en": "{actor} cleared a lost second proof",
        "hi": "{actor} ने एक खोई हुई दूसरी पहचान हटाई",
    },
    "accounts.let_back_in": {
        "en": "{actor} said that a quiet number is still the same person's",
        "hi": "{actor} ने बताया कि लंबे समय से शांत नंबर उसी साथी का है",
    },
    "accounts.holder_moved": {"en": "A person moved to a new number", "hi": "एक साथी नए नंबर पर आए"},
    # people
    "people.number_changed": {"en": "A person's number was changed", "hi": "एक साथी का नंबर बदला गया"},
    "people.joined": {"en": "A person joined {unit}", "hi": "{unit} में एक साथी जुड़े"},
    "people.corrected": {"en": "{actor} corrected a person's details", "hi": "{actor} ने एक साथी की जानकारी सुधारी"},
    "people.revealed": {
        "en": "{actor} opened a phone number: {reason}",
        "hi": "{actor} ने एक फ़ोन नंबर खोलकर देखा: {reason}",
    },
    "people.sealed": {
        "en": "A person asked for erasure; their data is sealed",
        "hi": "एक साथी ने अपनी जानकारी हटाने को कहा; जानकारी बंद कर दी गई",
    },
    "people.duplicates_sought": {
        "en": "{actor} looked for double entries: {found} new",
        "hi": "{actor} ने दोहरी प्रविष्टियाँ ढूँढीं: {found} नई",
    },
    "people.called_different": {
        "en": "{actor} said that two entries are two persons",
        "hi": "{actor} ने बताया कि दो प्रविष्टियाँ दो अलग साथियों की हैं",
    },
    "people.merged": {
        "en": "{actor} joined two entries of one person in {unit}",
        "hi": "{actor} ने {unit} में एक साथी की दो प्रविष्टियाँ जोड़ीं",
    },
    "people.merge_undone": {
        "en": "{actor} parted two joined entries in {unit}",
        "hi": "{actor} ने {unit} में जोड़ी हुई दो प्रविष्टियाँ फिर अलग कीं",
    },
    "people.purged": {"en": "A person's data was erased", "hi": "एक साथी की जानकारी मिटा दी गई"},
    # consent
    "consent.given": {"en": "A person agreed to {count} purposes", "hi": "एक साथी ने {count} बातों के लिए हाँ कहा"},
    "consent.withdrawn": {"en": "A person took back a consent", "hi": "एक साथी ने अपनी एक हाँ वापस ली"},
    "consent.all_withdrawn": {"en": "A person took back everything", "hi": "एक साथी ने अपनी हर हाँ वापस ली"},
    "consent.stopped": {
        "en": "A number answered STOP: no SMS goes there",
        "hi": "एक नंबर ने रोकने को कहा: वहाँ अब SMS नहीं जाएगी",
    },
    "people.exported": {
        "en": "{actor} made a copy of a person's data at their request: {reason}",
        "hi": "{actor} ने एक साथी के कहने पर उनकी जानकारी की प्रति बनाई: {reason}",
    },
    "people.held": {
        "en": "{actor} keeps a person's data for a case: {reason}",
        "hi": "{actor} ने एक मामले के लिए एक साथी की जानकारी रोककर रखी: {reason}",
    },
    "people.hold_lifted": {
        "en": "{actor} ended a hold on a person's data",
        "hi": "{actor} ने एक साथी की जानकारी से रोक हटाई",
    },
    "consent.grievance_filed": {"en": "A complaint arrived", "hi": "एक शिकायत आई"},
    "consent.grievance_acknowledged": {
        "en": "{actor} looks at a complaint",
        "hi": "{actor} एक शिकायत देख रहे हैं",
    },
    "consent.grievance_answered": {"en": "{actor} answered a complaint", "hi": "{actor} ने एक शिकायत का जवाब दिया"},
    "consent.grievance_reopened": {
        "en": "A complaint goes to a second officer",
        "hi": "एक शिकायत दूसरे अधिकारी के पास गई",
    },
    "consent.grievance_closed": {"en": "A complaint was closed by the person", "hi": "साथी ने अपनी शिकायत बंद की"},
    "consent.grievances_late": {
        "en": "{count} complaints are over their term",
        "hi": "{count} शिकायतों का समय निकल गया",
    },
    "consent.breach_opened": {
        "en": "{actor} opened a case of leaked data",
        "hi": "{actor} ने जानकारी बाहर जाने का मामला खोला",
    },
    "consent.breach_persons_added": {
        "en": "{actor} added {added} affected persons",
        "hi": "{actor} ने {added} प्रभावित साथी जोड़े",
    },
    "consent.breach_told": {
        "en": "{actor} told {people} affected persons",
        "hi": "{actor} ने {people} प्रभावित साथियों को बताया",
    },
    "consent.breach_board_first": {
        "en": "{actor} gave the Board the first description",
        "hi": "{actor} ने बोर्ड को पहली सूचना दी",
    },
    "consent.breach_board_full": {
        "en": "{actor} gave the Board the full report",
        "hi": "{actor} ने बोर्ड को पूरी रिपोर्ट दी",
    },
    "consent.breach_closing": {
        "en": "{actor} proposed to close a case of leaked data",
        "hi": "{actor} ने जानकारी बाहर जाने का मामला बंद करने का प्रस्ताव दिया",
    },
    "consent.breach_closed": {
        "en": "{actor} closed a case of leaked data as the second person",
        "hi": "{actor} ने दूसरे व्यक्ति के रूप में जानकारी बाहर जाने का मामला बंद किया",
    },
    "consent.notice_published": {
        "en": "Version {version} of the notice is in force",
        "hi": "सूचना-पत्र का संस्करण {version} लागू हुआ",
    },
    # elections
    "elections.schedule_imported": {
        "en": "{actor} imported a schedule: {created} polls, {proposed} corrections wait",
        "hi": "{actor} ने मतदान कार्यक्रम जोड़ा: {created} मतदान, {proposed} सुधार मंज़ूरी के लिए",
    },
    "elections.correction_proposed": {
        "en": "{actor} proposed a correction of the poll in {unit}",
        "hi": "{actor} ने {unit} के मतदान में सुधार सुझाया",
    },
    "elections.poll_corrected": {
        "en": "{actor} confirmed a correction of the poll in {unit}",
        "hi": "{actor} ने {unit} के मतदान में सुधार पक्का किया",
    },
    "elections.correction_refused": {
        "en": "{actor} did not accept a correction of the poll in {unit}",
        "hi": "{actor} ने {unit} के मतदान में सुझाया सुधार नहीं माना",
    },
    "elections.repoll_added": {
        "en": "{actor} entered that {unit} polls again ({notification})",
        "hi": "{actor} ने {unit} में दोबारा मतदान दर्ज किया ({notification})",
    },
    "elections.dates_proposed": {
        "en": "{actor} proposed other dates of an election ({notification})",
        "hi": "{actor} ने चुनाव की तिथियों में सुधार सुझाया ({notification})",
    },
    "elections.dates_corrected": {
        "en": "{actor} confirmed other dates of an election ({notification})",
        "hi": "{actor} ने चुनाव की तिथियों का सुधार पक्का किया ({notification})",
    },
    "elections.dates_refused": {
        "en": "{actor} did not accept other dates of an election",
        "hi": "{actor} ने चुनाव की तिथियों में सुझाया सुधार नहीं माना",
    },
    "elections.switch_proposed": {
        "en": "{actor} asked to switch off the rule of law “{rule}”: {reason}",
        "hi": "{actor} ने क़ानून का नियम “{rule}” बंद करने को कहा: {reason}",
    },
    "elections.rule_switched_off": {
        "en": "{actor} signed second: the rule of law “{rule}” is switched off 72 hours later: {reason}",
        "hi": "{actor} ने दूसरा हस्ताक्षर किया: क़ानून का नियम “{rule}” 72 घंटे बाद बंद होगा: {reason}",
    },
    "elections.rule_switched_on": {
        "en": "{actor} switched the rule of law “{rule}” on again: {reason}",
        "hi": "{actor} ने क़ानून का नियम “{rule}” फिर चालू किया: {reason}",
    },
    "elections.switch_refused": {
        "en": "{actor} did not agree to switch off the rule of law “{rule}”",
        "hi": "{actor} ने क़ानून का नियम “{rule}” बंद करना नहीं माना",
    },
    "elections.elector_said": {
        "en": "{actor} said whether they vote in {unit}",
        "hi": "{actor} ने बताया कि वे {unit} के मतदाता हैं या नहीं",
    },
    "elections.silence_nears": {
        "en": "Silence comes near in {unit}: who does not vote there is told to leave",
        "hi": "{unit} में मौन अवधि आने वाली है: जो वहाँ के मतदाता नहीं, उन्हें निकलने की सूचना",
    },
    "elections.silence_began": {"en": "Silence began in {unit}", "hi": "{unit} में मौन अवधि शुरू हुई"},
    "elections.poll_closed": {"en": "The poll in {unit} has closed", "hi": "{unit} में मतदान पूरा हुआ"},
    # delivery
    "delivery.sent_batch": {
        "en": "{sent} messages were sent, {refused} held back",
        "hi": "{sent} संदेश भेजे गए, {refused} रोके गए",
    },
    "delivery.judged_again": {
        "en": "Waiting messages were judged again by the law: {held} held, {freed} free",
        "hi": "रुके हुए संदेश क़ानून से फिर जाँचे गए: {held} रोके गए, {freed} छूटे",
    },
    "delivery.quiet_lifted": {
        "en": "{actor} let a message go in the quiet hours: {reason}",
        "hi": "{actor} ने चुप रहने के घंटों में एक संदेश जाने दिया: {reason}",
    },
    "delivery.cancelled": {
        "en": "{actor} stopped {messages} waiting messages",
        "hi": "{actor} ने {messages} रुके हुए संदेश रद्द किए",
    },
    "delivery.way_opened": {
        "en": "A person can be reached this way now: {way}",
        "hi": "अब एक साथी तक इस रास्ते पहुँच सकते हैं: {way}",
    },
    "delivery.way_closed": {
        "en": "A person is not reached this way any more: {way}",
        "hi": "अब एक साथी तक इस रास्ते नहीं पहुँचते: {way}",
    },
    "delivery.account_connected": {
        "en": "{actor} gave Toli the key of the account {handle} on {platform}",
        "hi": "{actor} ने {platform} पर {handle} खाते की चाबी टोली को दी",
    },
    "delivery.account_taken_away": {
        "en": "{actor} took the key of the account {handle} away from Toli",
        "hi": "{actor} ने {handle} खाते की चाबी टोली से वापस ली",
    },
    "delivery.key_ends": {
        "en": "The key of the account {handle} ends at {until}",
        "hi": "{handle} खाते की चाबी {until} को ख़त्म होगी",
    },
    "delivery.key_closed": {
        "en": "The key of the account {handle} opens nothing any more",
        "hi": "{handle} खाते की चाबी अब काम नहीं करती",
    },
    "delivery.posted": {
        "en": "A post went out on {platform}: {handle}",
        "hi": "{platform} के {handle} खाते पर पोस्ट गई",
    },
    "delivery.post_unsure": {
        "en": "Nobody knows whether a post is there: {handle} on {platform}",
        "hi": "{platform} के {handle} खाते पर पोस्ट गई या नहीं, पता नहीं",
    },
    "delivery.post_settled": {
        "en": "{actor} looked whether a post is there: {handle} on {platform}",
        "hi": "{actor} ने देखा कि {platform} के {handle} खाते पर पोस्ट है या नहीं",
    },
    "delivery.post_taken_down": {
        "en": "{actor} withdrew posts: {stopped} had not gone out, {removed} are taken down",
        "hi": "{actor} ने पोस्ट वापस लीं: {stopped} गई नहीं थीं, {removed} हटाई जा रही हैं",
    },
    # org
    "org.unit_created": {"en": "{actor} added {unit}", "hi": "{actor} ने {unit} जोड़ा"},
    "org.unit_moved": {"en": "{actor} moved {unit}", "hi": "{actor} ने {unit} की जगह बदली"},
    "org.norm_ended": {
        "en": "{actor} ended a norm in {unit}: {seats} vacant seats closed",
        "hi": "{actor} ने {unit} की एक तय संख्या समाप्त की: {seats} खाली पद बंद हुए",
    },
    "org.work_wished": {"en": "A person asked to work in {unit} too", "hi": "एक साथी ने {unit} में भी काम करना चाहा"},
    "org.work_wish_ended": {
        "en": "A person no longer asks to work in {unit}",
        "hi": "एक साथी ने {unit} में काम करने की बात वापस ली",
    },
    "org.terms_listed": {
        "en": "{actor} brought in public offices: {added} new, {changed} known",
        "hi": "{actor} ने सार्वजनिक पद जोड़े: {added} नए, {changed} पहले से",
    },
    "org.handle_declared": {
        "en": "{actor} declared an official account of {unit}",
        "hi": "{actor} ने {unit} का एक आधिकारिक खाता घोषित किया",
    },
    "org.handle_confirmed": {
        "en": "{actor} confirmed an official account of {unit}",
        "hi": "{actor} ने {unit} के एक आधिकारिक खाते को पक्का किया",
    },
    "org.handle_ended": {
        "en": "{actor} took an official account of {unit} off the list",
        "hi": "{actor} ने {unit} का एक आधिकारिक खाता सूची से हटाया",
    },
    "org.operator_named": {
        "en": "{actor} named who posts on an account of {unit}",
        "hi": "{actor} ने तय किया कि {unit} के खाते पर कौन लिखेगा",
    },
    "org.operator_ended": {
        "en": "{actor} ended who posts on an account of {unit}",
        "hi": "{actor} ने {unit} के खाते पर लिखने वाले को हटाया",
    },
    "org.delegated": {
        "en": "{actor} gave {count} rights in {unit} to somebody for a time",
        "hi": "{actor} ने {unit} में {count} अधिकार कुछ समय के लिए एक साथी को दिए",
    },
    "org.delegation_ended": {
        "en": "Rights in {unit} given for a time have ended",
        "hi": "{unit} में कुछ समय के लिए दिए अधिकार समाप्त हुए",
    },
    "org.seeing_begun": {
        "en": "{actor} looks at the pages as a seat in {unit}",
        "hi": "{actor} {unit} के एक पद की तरह पन्ने देख रहे हैं",
    },
    "org.seeing_ended": {
        "en": "{actor} stopped looking as a seat in {unit}",
        "hi": "{actor} ने {unit} के पद की तरह देखना बंद किया",
    },
    "org.change_drafted": {
        "en": "{actor} drew up a change of the tree in {unit}: {lines} lines",
        "hi": "{actor} ने {unit} की बनावट में बदलाव तैयार किया: {lines} पंक्तियाँ",
    },
    "org.change_planned": {
        "en": "{actor} planned a change of the tree in {unit} for {on}",
        "hi": "{actor} ने {unit} की बनावट में बदलाव {on} के लिए तय किया",
    },
    "org.reorganised": {
        "en": "{unit} was rearranged: {moved} moved, {created} new, {merged} merged",
        "hi": "{unit} की बनावट बदली: {moved} की जगह बदली, {created} नए, {merged} मिलाए गए",
    },
    "org.change_undone": {
        "en": "{actor} undid a change of the tree in {unit}",
        "hi": "{actor} ने {unit} की बनावट का बदलाव वापस किया",
    },
    "org.change_cancelled": {
        "en": "{actor} called off a change of the tree in {unit}",
        "hi": "{actor} ने {unit} की बनावट का बदलाव रद्द किया",
    },
    "org.change_failed": {
        "en": "A planned change of the tree in {unit} could not be done",
        "hi": "{unit} की बनावट का तय बदलाव नहीं हो सका",
    },
    "org.units_imported": {"en": "{actor} imported {added} units", "hi": "{actor} ने {added} इकाइयाँ जोड़ीं"},
    "org.import_undone": {
        "en": "{actor} took an import back: {removed} units removed, {restored} as before, {kept} kept",
        "hi": "{actor} ने एक आयात वापस लिया: {removed} इकाइयाँ हटीं, {restored} पहले जैसी हुईं, {kept} रखी गईं",
    },
    "org.import_started": {"en": "{actor} started an import", "hi": "{actor} ने एक आयात शुरू किया"},
    "org.import_stopped": {"en": "{actor} stopped an import", "hi": "{actor} ने एक आयात रोका"},
    "org.stations_renewed": {
        "en": "{actor} brought in a new station list: {same} the same, {new} new, {gone} closed",
        "hi": "{actor} ने बूथों की नई सूची लागू की: {same} वही, {new} नए, {gone} बंद",
    },
    "org.seats_opened": {"en": "{seats} seats opened in {unit}", "hi": "{unit} में {seats} पद खुले"},
    "org.seats_closed": {"en": "{seats} seats closed: {reason}", "hi": "{seats} पद बंद हुए: {reason}"},
    "org.offered": {"en": "{actor} offered a seat in {unit}", "hi": "{actor} ने {unit} में एक पद का प्रस्ताव दिया"},
    "org.offered_many": {"en": "{actor} offered {offers} seats", "hi": "{actor} ने {offers} पदों का प्रस्ताव दिया"},
    "org.offers_withdrawn": {
        "en": "{actor} withdrew {offers} offers",
        "hi": "{actor} ने {offers} प्रस्ताव वापस लिए",
    },
    "org.accepted": {"en": "A seat in {unit} was accepted", "hi": "{unit} में एक पद स्वीकार हुआ"},
    "org.declined": {"en": "A seat in {unit} was declined", "hi": "{unit} में एक पद के लिए मना किया गया"},
    "org.offer_lapsed": {
        "en": "{offers} offers lapsed without an answer",
        "hi": "{offers} प्रस्ताव बिना जवाब के समाप्त हुए",
    },
    "org.offer_withdrawn": {
        "en": "{actor} withdrew an offer in {unit}",
        "hi": "{actor} ने {unit} में एक प्रस्ताव वापस लिया",
    },
    "org.ended": {"en": "An appointment in {unit} ended: {reason}", "hi": "{unit} में एक नियुक्ति समाप्त हुई: {reason}"},
    "org.suspended": {
        "en": "{actor} suspended somebody in {unit}: {reason}",
        "hi": "{actor} ने {unit} में एक साथी को रोका: {reason}",
    },
    "org.restored": {
        "en": "{actor} let somebody in {unit} work again",
        "hi": "{actor} ने {unit} में एक साथी को फिर से काम पर लिया",
    },
    "org.handed_over": {"en": "A seat in {unit} is being handed over", "hi": "{unit} में एक पद सौंपा जा रहा है"},
    "org.charge_given": {"en": "{actor} gave acting charge in {unit}", "hi": "{actor} ने {unit} में कार्यवाहक ज़िम्मेदारी दी"},
    "org.holders_named": {
        "en": "{actor} named {rows} holders from a sheet",
        "hi": "{actor} ने सूची से {rows} पदाधिकारियों के नाम दर्ज किए",
    },
    "org.holder_invited": {
        "en": "{rows} named holders were invited once",
        "hi": "{rows} पदाधिकारियों को एक बार न्योता गया",
    },
    "org.holder_claimed": {"en": "A named holder in {unit} claimed the seat", "hi": "{unit} में नामित साथी ने पद सँभाला"},
    "org.name_refused": {
        "en": "A named person in {unit} said: this is not me",
        "hi": "{unit} में नामित व्यक्ति ने कहा: यह मैं नहीं हूँ",
    },
    "org.names_erased": {"en": "{rows} unclaimed names were erased", "hi": "{rows} बिना दावे के नाम मिटाए गए"},
    "org.home_changed": {"en": "A person moved to {unit}", "hi": "एक साथी {unit} में आए"},
    "org.help_asked": {
        "en": "A person of {unit} asked for help to sign in",
        "hi": "{unit} के एक साथी ने अंदर आने में मदद माँगी",
    },
    "org.help_confirmed": {
        "en": "{actor} confirmed a person of {unit} who asked for help to sign in",
        "hi": "{actor} ने अंदर आने में मदद माँगने वाले {unit} के साथी की पुष्टि की",
    },
    "org.help_given": {
        "en": "A person of {unit} can sign in again",
        "hi": "{unit} के एक साथी फिर से अंदर आ सकते हैं",
    },
    "org.help_refused": {
        "en": "{actor} refused help to sign in to a person of {unit}: {reason}",
        "hi": "{actor} ने {unit} के एक साथी को अंदर आने में मदद से मना किया: {reason}",
    },
    "org.help_cancelled": {
        "en": "A person of {unit} needs no help to sign in any more",
        "hi": "{unit} के एक साथी को अंदर आने में मदद अब नहीं चाहिए",
    },
    "org.help_lapsed": {
        "en": "{asked} requests for help to sign in ended without an answer",
        "hi": "अंदर आने में मदद की {asked} माँगें बिना जवाब के समाप्त हुईं",
    },
    "org.camp_opened": {
        "en": "{actor} made a camp pass in {unit} for {people} people",
        "hi": "{actor} ने {unit} में {people} लोगों के लिए शिविर पास बनाया",
    },
    "org.camp_ended": {"en": "{actor} ended a camp pass in {unit}", "hi": "{actor} ने {unit} का शिविर पास बंद किया"},
    # warroom
    "warroom.roster_made": {
        "en": "{actor} set {shifts} shifts in {unit}",
        "hi": "{actor} ने {unit} में {shifts} पालियाँ तय कीं",
    },
    "warroom.schedule_weighed": {
        "en": "{unit}: by the corrected row {held} waiting things are held, {freed} are free, {moved} wait for other hours",
        "hi": "{unit}: सुधरी पंक्ति से {held} चीज़ें रुकीं, {freed} छूटीं, {moved} का समय बदला",
    },
    "warroom.outsiders_left": {
        "en": "{unit}: silence began, {shifts} shifts of people who do not vote there ended",
        "hi": "{unit}: मौन अवधि शुरू हुई, बाहर के मतदाताओं की {shifts} पालियाँ ख़त्म हुईं",
    },
    "warroom.shift_taken": {"en": "A shift in {unit} was taken", "hi": "{unit} में एक पाली ली गई"},
    "warroom.shift_dropped": {"en": "A shift in {unit} was given back", "hi": "{unit} में एक पाली छोड़ी गई"},
    "warroom.handed_over": {"en": "{unit}: the shift was handed over", "hi": "{unit}: पाली सौंपी गई"},
    "warroom.flag_raised": {"en": "{unit}: something was flagged", "hi": "{unit}: एक बात उठाई गई"},
    "warroom.map_loaded": {
        "en": "{actor} loaded a map of {unit}: {matched} of {areas} areas are units",
        "hi": "{actor} ने {unit} का नक़्शा चढ़ाया: {areas} में से {matched} इलाक़े पहचाने गए",
    },
    "warroom.shape_matched": {
        "en": "{actor} said which area of the map is {unit}",
        "hi": "{actor} ने बताया कि नक़्शे का कौन सा इलाक़ा {unit} है",
    },
    "warroom.map_removed": {"en": "{actor} removed a map of {unit}", "hi": "{actor} ने {unit} का नक़्शा हटाया"},
    "warroom.picture_taken": {
        "en": "{actor} took the board of {unit} out as a picture",
        "hi": "{actor} ने {unit} का बोर्ड तस्वीर के रूप में निकाला",
    },
    "warroom.words_erased": {
        "en": "The words of {notes} notes and {flags} flags of last year were erased",
        "hi": "साल भर पुराने {notes} नोट और {flags} मामलों के शब्द मिटाए गए",
    },
    "warroom.flag_closed": {"en": "{unit}: a flagged matter was closed", "hi": "{unit}: उठाई गई बात निपटी"},
    # volunteer
    "volunteer.erasure_asked": {"en": "A person asked to be forgotten", "hi": "एक साथी ने अपनी जानकारी मिटाने को कहा"},
    **RECRUITMENT,
    **BROADCASTS,
    **CONTENT,
    # broadcasts
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
    # tasks
    "tasks.given": {
        "en": "{actor} gave a task to {teams} teams in {unit}",
        "hi": "{actor} ने {unit} की {teams} टीमों को काम दिया",
    },
    "tasks.accepted": {"en": "The team of {unit} accepted a task", "hi": "{unit} की टीम ने काम स्वीकार किया"},
    "tasks.handed_in": {"en": "{unit} handed in a task", "hi": "{unit} ने काम जमा किया"},
    "tasks.verified": {"en": "{actor} verified work of {unit}", "hi": "{actor} ने {unit} का काम जाँचकर सही पाया"},
    "tasks.returned": {
        "en": "{actor} returned work of {unit}: {reason}",
        "hi": "{actor} ने {unit} का काम लौटाया: {reason}",
    },
    "tasks.share_withdrawn": {
        "en": "{actor} took a task back from {unit}: {reason}",
        "hi": "{actor} ने {unit} से काम वापस लिया: {reason}",
    },
    "tasks.withdrawn": {
        "en": "{actor} took a task back from {teams} teams: {reason}",
        "hi": "{actor} ने {teams} टीमों से काम वापस लिया: {reason}",
    },
    "tasks.released": {
        "en": "{shares} open tasks in {unit} went back to the team",
        "hi": "{unit} के {shares} अधूरे काम टीम को लौटे",
    },
    "tasks.shares_followed": {
        "en": "Units became one: {moved} open shares of tasks went along, {joined} were added to another",
        "hi": "इकाइयाँ एक हुईं: कामों के {moved} खुले हिस्से साथ आए, {joined} दूसरे हिस्से में जुड़े",
    },
    "tasks.shares_put_back": {
        "en": "A merger was undone: {moved} shares of tasks went back; {left} stay, because work on them was begun or ended",
        "hi": "इकाइयों का मेल वापस लिया गया: कामों के {moved} हिस्से लौटे; {left} वहीं रहे, क्योंकि उन पर काम शुरू या पूरा हो चुका",
    },
    "tasks.level_done": {"en": "All teams of {unit} have done a task", "hi": "{unit} की सभी टीमों ने एक काम पूरा किया"},
    "tasks.reopened": {"en": "A task in {unit} is open again", "hi": "{unit} में एक काम फिर से खुला"},
    "tasks.reminded": {"en": "{actor} reminded {unit} of a task", "hi": "{actor} ने {unit} को काम की याद दिलाई"},
    "tasks.undone": {
        "en": "{actor} took back an act on {shares} shares of a task",
        "hi": "{actor} ने {shares} हिस्सों पर किया अपना कदम वापस लिया",
    },
    "tasks.template_saved": {"en": "{actor} wrote a task template", "hi": "{actor} ने काम का एक नमूना बनाया"},
    "tasks.template_retired": {
        "en": "{actor} offers a task template no longer",
        "hi": "{actor} ने काम का एक नमूना हटाया",
    },
    "tasks.photos_judged": {
        "en": "{actor} looked at two photos that look alike: {answer}",
        "hi": "{actor} ने एक जैसी दिखने वाली दो फ़ोटो देखीं: {answer}",
    },
    "tasks.reminders_muted": {
        "en": "Somebody turned off reminders by SMS",
        "hi": "एक साथी ने SMS से याद दिलाना बंद किया",
    },
    "tasks.reminders_unmuted": {
        "en": "Somebody turned reminders by SMS on again",
        "hi": "एक साथी ने SMS से याद दिलाना फिर चालू किया",
    },
    "tasks.proofs_erased": {
        "en": "{photos} photos and {texts} texts of finished work were erased",
        "hi": "पूरे हो चुके काम की {photos} फ़ोटो और {texts} बातें मिटाई गईं",
    },
    # demo
    "demo.loaded": {
        "en": "A demo campaign with {people} made-up people was loaded",
        "hi": "{people} बनावटी साथियों का नमूना अभियान तैयार हुआ",
    },
}
