"""The join as one statement: thousands press the button in the same minute.

Each press costs one round trip and one commit. Everything hangs on the draft: it is taken once, so a second press
finds none and writes nothing. A person who joined before keeps name, year, number and home. The records are
the same that `audit.record` writes, with names of the unit and no personal value. Answers, files and wishes of an
earlier form of the same person give way to those of this one; how they first came (source, link) stays.
"""

JOIN = """
WITH draft AS (
    UPDATE accounts_draft SET payload_cipher = NULL, phone_key = '', used_at = %(now)s
    WHERE ref = %(draft)s AND kind = %(kind)s AND login_id = %(login)s AND used_at IS NULL
    RETURNING id, created_at
), person AS (
    INSERT INTO people_person AS p
        (ref, holder_id, name, tokens, birth_year, gender, languages, place_text, pin_code, skills,
         contact_preference, state, duplicate_flag, created_at)
    SELECT %(person_ref)s, %(holder)s, %(name)s, %(tokens)s, %(birth_year)s, %(gender)s, %(languages)s,
           %(place_text)s, %(pin_code)s, %(skills)s, %(contact_preference)s, 'active', false, %(now)s
    FROM draft
    ON CONFLICT (holder_id) DO UPDATE SET skills = excluded.skills WHERE p.state = 'active'
    RETURNING id, ref, (xmax = 0) AS fresh
), contact AS (
    INSERT INTO people_contactpoint
        (person_id, kind, index, cipher, key_version, last_digits, valid_from, verified_at)
    SELECT id, 'phone', %(index)s, %(cipher)s, %(key_version)s, %(last_digits)s, %(now)s, %(now)s
    FROM person WHERE fresh
), membership AS (
    INSERT INTO org_membership (person_id, unit_id, place_id, wing_id, valid_from)
    SELECT id, %(unit)s, %(place)s, %(wing)s, %(now)s FROM person
    ON CONFLICT (person_id) WHERE valid_to IS NULL DO NOTHING
    RETURNING unit_id
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT unit_id, 0, 'members', DATE '1970-01-01', 1 FROM membership
), act AS (
    INSERT INTO org_activity (person_id, last_act_on, silent) SELECT id, %(today)s, false FROM person WHERE fresh
), consents AS (
    INSERT INTO consent_consentevent
        (person_id, notice_id, language, purpose, given, at, channel, actor_person_id, session_digest, request_id)
    SELECT person.id, %(notice)s, %(language)s, asked.purpose, true, %(now)s, %(channel)s, person.id,
           %(session_digest)s, %(request_id)s
    FROM person, unnest(%(purposes)s::text[]) WITH ORDINALITY AS asked(purpose, place) ORDER BY asked.place
), application AS (
    INSERT INTO recruitment_application AS a
        (ref, receipt, drive_id, person_id, unit_id, place_id, wing_id, skills, state, notice_id, declared_at,
         submitted_at, changed_at, source, link_id)
    SELECT %(ref)s, %(receipt)s, %(drive)s, person.id, %(unit)s, %(place)s, %(wing)s, %(skills)s, 'submitted',
           %(notice)s, %(now)s, %(now)s, %(now)s, %(source)s, link.id
    FROM person LEFT JOIN recruitment_joinlink link
      ON link.code = %(via)s AND link.drive_id = %(drive)s AND link.closed_at IS NULL
         AND link.person_id IS DISTINCT FROM person.id
    ON CONFLICT (drive_id, person_id) DO UPDATE SET
        state = CASE a.state WHEN 'withdrawn' THEN 'submitted' ELSE a.state END,
        unit_id = excluded.unit_id, place_id = excluded.place_id, wing_id = excluded.wing_id,
        skills = excluded.skills, notice_id = excluded.notice_id, declared_at = excluded.declared_at,
        changed_at = excluded.changed_at
    RETURNING a.id, a.ref, a.receipt, a.person_id
), traced AS (
    INSERT INTO recruitment_trace
        (application_id, drive_id, device_key, address_key, number_key, at, answer_seconds, over)
    SELECT application.id, %(drive)s, %(device_key)s, %(address_key)s,
           CASE WHEN person.fresh THEN %(number_key)s::bytea END, %(now)s,
           CASE WHEN person.fresh THEN extract(epoch FROM %(now)s - draft.created_at)::int END, '{}'
    FROM application, person, draft
    ON CONFLICT (application_id) DO UPDATE SET
        device_key = excluded.device_key, address_key = excluded.address_key, at = excluded.at
), answers AS (
    INSERT INTO recruitment_answers (application_id, form_id, given)
    SELECT id, %(form)s::bigint, %(answers)s::jsonb FROM application WHERE %(form)s::bigint IS NOT NULL
    ON CONFLICT (application_id) DO UPDATE SET form_id = excluded.form_id, given = excluded.given
    RETURNING id
), files AS (
    UPDATE recruitment_answerfile f SET answers_id = CASE WHEN f.ref = ANY(%(files)s::uuid[]) THEN answers.id END
    FROM answers WHERE f.answers_id = answers.id OR (f.ref = ANY(%(files)s::uuid[]) AND f.answers_id IS NULL)
), asked AS (
    -- A place withdrawn since the form was filled is left out: the next wish counts.
    SELECT application.id AS application_id, wish.rank, place.id AS place_id, wish.unit_id
    FROM application
    CROSS JOIN unnest(%(wish_places)s::bigint[], %(wish_units)s::bigint[]) WITH ORDINALITY
         AS wish(place_id, unit_id, rank)
    LEFT JOIN recruitment_driveplace place
      ON place.id = wish.place_id AND place.drive_id = %(drive)s AND place.withdrawn_at IS NULL
    WHERE place.id IS NOT NULL OR wish.unit_id IS NOT NULL
), fewer AS (
    DELETE FROM recruitment_wish w USING application
    WHERE w.application_id = application.id AND NOT EXISTS (SELECT FROM asked WHERE asked.rank = w.rank)
), wishes AS (
    INSERT INTO recruitment_wish (application_id, rank, place_id, unit_id)
    SELECT application_id, rank, place_id, unit_id FROM asked
    ON CONFLICT (application_id, rank) DO UPDATE SET
        place_id = excluded.place_id, unit_id = excluded.unit_id, role_id = NULL, wing_id = NULL
), recorded AS (
    INSERT INTO audit_record
        (at, verb, actor_person_id, target_kind, target_ref, unit_id, unit_path, request_id, labels, data)
    SELECT clock_timestamp(), said.verb, person.id, said.kind, said.ref, u.id, u.path, %(request_id)s,
           jsonb_build_object('unit', u.names), said.data
    FROM person
    JOIN application ON application.person_id = person.id
    JOIN org_unit u ON u.id = %(unit)s
    CROSS JOIN LATERAL (VALUES
        (1, 'people.joined', 'people.person', person.ref, '{}'::jsonb),
        (2, 'consent.given', 'people.person', person.ref, %(given)s::jsonb),
        (3, 'recruitment.applied', 'recruitment.application', application.ref, %(applied)s::jsonb)
    ) AS said(place, verb, kind, ref, data)
    WHERE person.fresh OR said.place > 1
    ORDER BY said.place
)
SELECT ref, receipt FROM application
"""
