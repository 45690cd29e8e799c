"""What recruitment records."""

RECRUITMENT: dict[str, dict[str, str]] = {
    "recruitment.drive_opened": {
        "en": "{actor} opened a call to join in {unit}",
        "hi": "{actor} ने {unit} में जुड़ो अभियान खोला",
    },
    "recruitment.drive_closed": {
        "en": "{actor} closed a call to join in {unit}",
        "hi": "{actor} ने {unit} में जुड़ो अभियान बंद किया",
    },
    "recruitment.drive_changed": {
        "en": "{actor} changed a call to join in {unit}",
        "hi": "{actor} ने {unit} का जुड़ो अभियान बदला",
    },
    "recruitment.questions_saved": {
        "en": "{actor} saved {questions} questions of a call to join in {unit} as version {version}",
        "hi": "{actor} ने {unit} के जुड़ो अभियान के {questions} सवाल संस्करण {version} में सहेजे",
    },
    "recruitment.places_taken": {
        "en": "{actor} offers {places} places in {unit}, as many as seats are vacant",
        "hi": "{actor} ने {unit} में {places} जगहें खोलीं, जितने पद ख़ाली हैं",
    },
    "recruitment.place_set": {
        "en": "{actor} offers {places} places of a kind in {unit}",
        "hi": "{actor} ने {unit} में एक तरह की {places} जगहें खोलीं",
    },
    "recruitment.place_rules_set": {
        "en": "{actor} set the rules of {places} places of a call to join in {unit}",
        "hi": "{actor} ने {unit} के जुड़ो अभियान की {places} जगहों के नियम तय किए",
    },
    "recruitment.place_withdrawn": {
        "en": "{actor} offers a place in {unit} no longer",
        "hi": "{actor} ने {unit} की एक जगह हटाई",
    },
    "recruitment.poster_made": {
        "en": "{actor} made a poster of {unit} for a call to join",
        "hi": "{actor} ने {unit} के लिए जुड़ो अभियान का पोस्टर बनाया",
    },
    "recruitment.link_made": {
        "en": "A member took a link of their own to a call to join in {unit}",
        "hi": "एक साथी ने {unit} के जुड़ो अभियान का अपना लिंक लिया",
    },
    "recruitment.rank_set": {
        "en": "{actor} put {unit} at place {rank} of the interviews: {reason}",
        "hi": "{actor} ने इंटरव्यू के क्रम में {unit} को {rank} पर रखा: {reason}",
    },
    "recruitment.rank_cleared": {
        "en": "{actor} put {unit} back to its own place in the order of interviews",
        "hi": "{actor} ने इंटरव्यू के क्रम में {unit} को उसकी अपनी जगह पर लौटाया",
    },
    "recruitment.applied": {"en": "A person applied in {unit}", "hi": "{unit} में एक साथी ने आवेदन किया"},
    "recruitment.withdrawn": {"en": "An application was taken back", "hi": "एक आवेदन वापस लिया गया"},
    "recruitment.offered": {
        "en": "{actor} offered an applicant in {unit} a seat",
        "hi": "{actor} ने {unit} के एक आवेदक को पद का प्रस्ताव दिया",
    },
    "recruitment.batch_declared": {"en": "A file of numbers to invite was brought in", "hi": "न्योते के नंबरों की फ़ाइल आई"},
    "recruitment.batch_refused": {
        "en": "A file of numbers was refused: {why} {columns}",
        "hi": "नंबरों की फ़ाइल नहीं ली गई: {why} {columns}",
    },
    "recruitment.batch_started": {"en": "{actor} let invitations be written", "hi": "{actor} ने न्योते तैयार करने को कहा"},
    "recruitment.batch_loaded": {"en": "{invitations} invitations are ready", "hi": "{invitations} न्योते तैयार हैं"},
    "recruitment.batch_sent": {
        "en": "{actor} let {invitations} invitations go",
        "hi": "{actor} ने {invitations} न्योते भेजे",
    },
    "recruitment.batch_undone": {
        "en": "{removed} invitations taken back, {kept} stay",
        "hi": "{removed} न्योते वापस, {kept} रहे",
    },
    "recruitment.line_began": {
        "en": "Too many came to join at once: a waiting line began",
        "hi": "जुड़ने के लिए एक साथ बहुत लोग आए: प्रतीक्षा पंक्ति शुरू हुई",
    },
    "recruitment.line_ended": {
        "en": "The waiting line before the join form is over",
        "hi": "जुड़ने के फ़ॉर्म के आगे की प्रतीक्षा पंक्ति ख़त्म हुई",
    },
    "recruitment.line_switched": {
        "en": "{actor} set the waiting line before the join form",
        "hi": "{actor} ने जुड़ने के फ़ॉर्म के आगे की प्रतीक्षा पंक्ति तय की",
    },
    "recruitment.calls_drawn": {"en": "{people} of {of} drawn to be called", "hi": "{of} में से {people} फ़ोन के लिए चुने गए"},
    "recruitment.call_opened": {"en": "{actor} opened a number to call", "hi": "{actor} ने फ़ोन के लिए नंबर खोला"},
    "recruitment.call_made": {"en": "{actor} wrote down a call-back", "hi": "{actor} ने पूछताछ का जवाब लिखा"},
    "recruitment.clusters_found": {"en": "{groups} suspicious groups were found", "hi": "{groups} संदिग्ध समूह मिले"},
    "recruitment.cluster_cleared": {
        "en": "{unit}: a suspicious group is in order",
        "hi": "{unit}: एक संदिग्ध समूह सही निकला",
    },
    "recruitment.cluster_confirmed": {
        "en": "{unit}: a suspicious group is false",
        "hi": "{unit}: एक संदिग्ध समूह झूठा निकला",
    },
    "recruitment.traces_erased": {
        "en": "Traces of {applications} people erased",
        "hi": "{applications} आवेदनों के निशान मिटे",
    },
    "recruitment.placed": {"en": "{applications} applicants are in a team now", "hi": "{applications} आवेदक अब टीम में हैं"},
    "recruitment.offers_prepared": {
        "en": "{offers} places of a signed placement wait to be offered",
        "hi": "दस्तख़त हुए चयन की {offers} जगहें प्रस्ताव के इंतज़ार में हैं",
    },
    "recruitment.offered_many": {
        "en": "{offers} applicants were offered their place",
        "hi": "{offers} आवेदकों को उनकी जगह का प्रस्ताव भेजा गया",
    },
    "recruitment.offers_answered": {
        "en": "Offers were answered: {accepted} accepted, {declined} declined, {lapsed} lapsed, {void} void",
        "hi": "प्रस्तावों के जवाब: {accepted} हाँ, {declined} ना, {lapsed} समय बीता, {void} रद्द",
    },
    "recruitment.offers_lost": {
        "en": "{offers} offers were taken back: the seat was filled or the place is gone",
        "hi": "{offers} प्रस्ताव वापस लिए गए: पद भर गया या जगह नहीं रही",
    },
    "recruitment.offers_void": {
        "en": "{offers} places could not be offered",
        "hi": "{offers} जगहों का प्रस्ताव नहीं दिया जा सका",
    },
    "recruitment.next_called": {
        "en": "{offers} applicants were called from the wait-list",
        "hi": "प्रतीक्षा सूची से {offers} आवेदकों को बुलाया गया",
    },
    "recruitment.past_drive": {
        "en": "{actor} filled a seat in {unit} past a call to join: {reason}",
        "hi": "{actor} ने {unit} में जुड़ो अभियान से अलग एक पद भरा: {reason}",
    },
    "recruitment.chose_to_stay": {
        "en": "An applicant in {unit} who was not placed chose: {choice}",
        "hi": "{unit} में बिना जगह रहे एक आवेदक ने चुना: {choice}",
    },
    "recruitment.stays_on_lists": {
        "en": "An applicant in {unit} holds a place and waits on for one wished more",
        "hi": "{unit} के एक आवेदक के पास जगह है, और वह ज़्यादा चाही हुई जगह की सूची में बना रहेगा",
    },
    "recruitment.leaves_lists": {
        "en": "An applicant in {unit} is content with the place they hold",
        "hi": "{unit} का एक आवेदक अपनी जगह से संतुष्ट है, अब और इंतज़ार नहीं",
    },
    "recruitment.seats_left": {
        "en": "{offers} seats were given back for places wished more",
        "hi": "ज़्यादा चाही हुई जगह मिलने पर {offers} पद छोड़े गए",
    },
    "recruitment.card_recalled": {
        "en": "An ID card in {unit} was made anew; older ones are no longer valid",
        "hi": "{unit} का एक पहचान-पत्र नया बना; पुराने अब मान्य नहीं",
    },
    "recruitment.reopened": {
        "en": "{applications} applicants are waiting for a seat again",
        "hi": "{applications} आवेदक फिर से पद की प्रतीक्षा में हैं",
    },
    # interviews
    "recruitment.round_added": {
        "en": "{actor} added an interview round in {unit}",
        "hi": "{actor} ने {unit} में इंटरव्यू का एक दौर जोड़ा",
    },
    "recruitment.panels_added": {
        "en": "{actor} set up {panels} interview panels",
        "hi": "{actor} ने इंटरव्यू के {panels} पैनल बनाए",
    },
    "recruitment.panel_changed": {
        "en": "{actor} changed an interview panel of {unit}",
        "hi": "{actor} ने {unit} का इंटरव्यू पैनल बदला",
    },
    "recruitment.panel_joined": {
        "en": "{actor} put somebody on an interview panel of {unit}",
        "hi": "{actor} ने {unit} के इंटरव्यू पैनल में एक साथी जोड़ा",
    },
    "recruitment.panel_left": {
        "en": "{actor} took somebody off an interview panel of {unit}",
        "hi": "{actor} ने {unit} के इंटरव्यू पैनल से एक साथी हटाया",
    },
    "recruitment.slots_made": {
        "en": "{actor} opened {slots} interview times",
        "hi": "{actor} ने इंटरव्यू के {slots} समय खोले",
    },
    "recruitment.times_asked": {
        "en": "{actor} asked that interview times be given out in {unit}",
        "hi": "{actor} ने {unit} में इंटरव्यू के समय बाँटने को कहा",
    },
    "recruitment.interviews_given": {
        "en": "{actor} gave {given} applicants an interview time",
        "hi": "{actor} ने {given} आवेदकों को इंटरव्यू का समय दिया",
    },
    "recruitment.interview_confirmed": {
        "en": "An applicant in {unit} will come to the interview",
        "hi": "{unit} का एक आवेदक इंटरव्यू के लिए आएगा",
    },
    "recruitment.interview_moved": {
        "en": "An applicant in {unit} moved an interview",
        "hi": "{unit} के एक आवेदक ने इंटरव्यू का समय बदला",
    },
    "recruitment.interview_declined": {
        "en": "An applicant in {unit} said no to an interview",
        "hi": "{unit} के एक आवेदक ने इंटरव्यू के लिए मना किया",
    },
    "recruitment.interview_missed": {
        "en": "{actor} noted that an applicant in {unit} did not come",
        "hi": "{actor} ने लिखा कि {unit} का एक आवेदक नहीं आया",
    },
    "recruitment.interview_refilled": {
        "en": "A free interview time went to the next applicant in {unit}",
        "hi": "इंटरव्यू का ख़ाली समय {unit} के अगले आवेदक को मिला",
    },
    "recruitment.interviews_cancelled": {
        "en": "{interviews} interviews were called off, their applications were taken back",
        "hi": "{interviews} इंटरव्यू रद्द हुए, क्योंकि आवेदन वापस लिए गए",
    },
    "recruitment.interviews_reminded": {
        "en": "{interviews} applicants were reminded of their interview",
        "hi": "{interviews} आवेदकों को इंटरव्यू की याद दिलाई गई",
    },
    "recruitment.scored": {
        "en": "{actor} scored an interview in {unit}",
        "hi": "{actor} ने {unit} के एक इंटरव्यू में अंक दिए",
    },
    "recruitment.conflict_declared": {
        "en": "{actor} said that they may not score an applicant in {unit}",
        "hi": "{actor} ने कहा कि वे {unit} के एक आवेदक को अंक नहीं दे सकते",
    },
    "recruitment.number_opened": {
        "en": "{actor} opened the number of an applicant in {unit} for an interview",
        "hi": "{actor} ने इंटरव्यू के लिए {unit} के एक आवेदक का नंबर खोला",
    },
    "recruitment.sample_handed_in": {
        "en": "An applicant in {unit} handed in a work sample",
        "hi": "{unit} के एक आवेदक ने काम का नमूना भेजा",
    },
    "recruitment.words_erased": {
        "en": "Answers, notes and files of drives that ended a year ago were erased: {rows} rows",
        "hi": "एक साल पहले ख़त्म हुए अभियानों के जवाब, टिप्पणियाँ और फ़ाइलें मिटाई गईं: {rows} पंक्तियाँ",
    },
    "recruitment.scores_settled": {
        "en": "{actor} settled the scores of an interview round: {candidates} applicants",
        "hi": "{actor} ने इंटरव्यू के एक दौर के अंक तय किए: {candidates} आवेदक",
    },
    "recruitment.run_made": {
        "en": "{actor} computed a placement in {unit}: {placed} of {applicants} applicants get a place",
        "hi": "{actor} ने {unit} का चयन तैयार किया: {applicants} में से {placed} आवेदकों को जगह मिलती है",
    },
    "recruitment.run_signed_once": {
        "en": "{actor} signed a placement in {unit}; a second person must sign too",
        "hi": "{actor} ने {unit} के चयन पर दस्तख़त किए; एक और व्यक्ति के दस्तख़त बाकी हैं",
    },
    "recruitment.run_signed": {
        "en": "{actor} signed a placement in {unit}: it holds now",
        "hi": "{actor} ने {unit} के चयन पर दस्तख़त किए: अब यह लागू है",
    },
    "recruitment.appealed": {
        "en": "An applicant in {unit} appealed against the placement",
        "hi": "{unit} के एक आवेदक ने चयन पर आपत्ति की",
    },
    "recruitment.appeal_voted": {
        "en": "{actor} said what they think of an appeal in {unit}",
        "hi": "{actor} ने {unit} की एक आपत्ति पर अपनी राय दी",
    },
    "recruitment.appeal_upheld": {
        "en": "An appeal in {unit} was upheld: the score is {after} instead of {before}",
        "hi": "{unit} की एक आपत्ति सही मानी गई: अंक {before} की जगह {after}",
    },
    "recruitment.appeal_refused": {
        "en": "An appeal in {unit} was looked at by two; the score stays",
        "hi": "{unit} की एक आपत्ति दो लोगों ने देखी; अंक वही रहे",
    },
}
