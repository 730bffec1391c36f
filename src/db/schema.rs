//! The tables of both databases. A test compares them with the tables that the migrations create.

diesel::table! {
    slugs (kind, slug) {
        kind -> Text,
        slug -> Text,
        record_id -> Text,
        is_shared -> Bool,
    }
}

diesel::table! {
    parties (id) {
        id -> Text,
        version -> Integer,
        slug -> Text,
        name -> Text,
        short_name -> Text,
        aliases -> Text,
        kind -> Text,
        represents_id -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    topics (id) {
        id -> Text,
        version -> Integer,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        parent_id -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sources (id) {
        id -> Text,
        version -> Integer,
        slug -> Nullable<Text>,
        title -> Text,
        kind -> Text,
        publisher -> Nullable<Text>,
        url -> Nullable<Text>,
        archived_url -> Nullable<Text>,
        published_on -> Nullable<Date>,
        language -> Nullable<Text>,
        folded -> Text,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    agreements (id) {
        id -> Text,
        version -> Integer,
        slug -> Text,
        title -> Text,
        short_title -> Text,
        aliases -> Text,
        kind -> Text,
        adoption -> Text,
        agreed_on -> Date,
        place -> Nullable<Text>,
        summary -> Text,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
        covered_from -> Nullable<Date>,
        covered_to -> Nullable<Date>,
        not_covered -> Nullable<Text>,
        folded -> Text,
    }
}

diesel::table! {
    external_ids (id) {
        id -> Text,
        kind -> Text,
        record_id -> Text,
        position -> Integer,
        scheme -> Text,
        value -> Text,
    }
}

diesel::table! {
    agreement_parties (id) {
        id -> Text,
        agreement_id -> Text,
        position -> Integer,
        party_id -> Text,
        role -> Text,
        capacity -> Nullable<Text>,
        held_by_id -> Nullable<Text>,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    agreement_relations (id) {
        id -> Text,
        agreement_id -> Text,
        position -> Integer,
        kind -> Text,
        related_id -> Text,
    }
}

diesel::table! {
    agreement_endings (id) {
        id -> Text,
        agreement_id -> Text,
        position -> Integer,
        ended_on -> Date,
        kind -> Text,
        held_by_id -> Nullable<Text>,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    topic_treatments (agreement_id, scheme, code) {
        agreement_id -> Text,
        scheme -> Text,
        code -> Text,
        position -> Integer,
        extent -> Integer,
    }
}

diesel::table! {
    trackables (id) {
        id -> Text,
        kind -> Text,
        version -> Integer,
        status -> Text,
        status_since -> Nullable<Date>,
        assessment_id -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
        checked_on -> Nullable<Date>,
        checked_by -> Nullable<Text>,
    }
}

diesel::table! {
    clauses (id) {
        id -> Text,
        agreement_id -> Text,
        number -> Text,
        position -> Integer,
        parent_id -> Nullable<Text>,
        heading -> Text,
        aliases -> Text,
        summary -> Text,
        text -> Nullable<Text>,
        nature -> Text,
        topic_id -> Text,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
        folded -> Text,
        status -> Text,
        status_since -> Nullable<Date>,
        is_listed -> Bool,
        weight -> Integer,
        checked_on -> Nullable<Date>,
    }
}

diesel::table! {
    obligations (id) {
        id -> Text,
        clause_id -> Text,
        position -> Integer,
        party_id -> Text,
        role -> Text,
        held_by_id -> Nullable<Text>,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    criteria (clause_id, status) {
        clause_id -> Text,
        status -> Text,
        position -> Integer,
        text -> Text,
    }
}

diesel::table! {
    deadlines (id) {
        id -> Text,
        clause_id -> Text,
        position -> Integer,
        key -> Nullable<Text>,
        rule -> Text,
        phase -> Text,
        basis -> Nullable<Text>,
        period -> Nullable<Text>,
        containing -> Nullable<Date>,
        days -> Nullable<Integer>,
        event_id -> Nullable<Text>,
        anchor_clause_id -> Nullable<Text>,
        anchor_key -> Nullable<Text>,
        due_on -> Nullable<Date>,
        held_by_id -> Nullable<Text>,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    codings (clause_id, day, account) {
        clause_id -> Text,
        day -> Date,
        account -> Text,
        status -> Text,
        note -> Nullable<Text>,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    proposals (id) {
        id -> Text,
        slug -> Text,
        title -> Text,
        aliases -> Text,
        summary -> Text,
        standing -> Text,
        is_package -> Bool,
        made_on -> Date,
        responds_to_id -> Nullable<Text>,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
        folded -> Text,
    }
}

diesel::table! {
    proposal_parties (proposal_id, role, party_id) {
        proposal_id -> Text,
        role -> Text,
        party_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    proposal_agreements (proposal_id, agreement_id) {
        proposal_id -> Text,
        agreement_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    caveats (id) {
        id -> Text,
        proposal_id -> Text,
        number -> Text,
        position -> Integer,
        kind -> Text,
        heading -> Text,
        aliases -> Text,
        summary -> Text,
        text -> Nullable<Text>,
        topic_id -> Text,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
        folded -> Text,
    }
}

diesel::table! {
    caveat_parties (caveat_id, role, party_id) {
        caveat_id -> Text,
        role -> Text,
        party_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    caveat_exchanges (caveat_id, other_id) {
        caveat_id -> Text,
        other_id -> Text,
    }
}

diesel::table! {
    caveat_answers (caveat_id, answered_id) {
        caveat_id -> Text,
        answered_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    caveat_clause_links (id) {
        id -> Text,
        caveat_id -> Text,
        clause_id -> Text,
        position -> Integer,
        kind -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    preconditions (id) {
        id -> Text,
        version -> Integer,
        kind -> Text,
        step_id -> Text,
        requires_id -> Text,
        needs -> Text,
        held_by_id -> Nullable<Text>,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    interpretations (id) {
        id -> Text,
        version -> Integer,
        trackable_id -> Text,
        term -> Nullable<Text>,
        meaning -> Text,
        held_by_id -> Text,
        stated_on -> Date,
        source_id -> Nullable<Text>,
        source_locator -> Nullable<Text>,
        confidence -> Text,
        note -> Nullable<Text>,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        version -> Integer,
        slug -> Nullable<Text>,
        happened_on -> Date,
        ended_on -> Nullable<Date>,
        edtf_date -> Nullable<Text>,
        kind -> Text,
        title -> Text,
        aliases -> Text,
        summary -> Text,
        place -> Nullable<Text>,
        confidence -> Text,
        folded -> Text,
        archived_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    event_actors (event_id, party_id) {
        event_id -> Text,
        party_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    event_trackables (event_id, trackable_id) {
        event_id -> Text,
        trackable_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    event_sources (event_id, source_id) {
        event_id -> Text,
        source_id -> Text,
        position -> Integer,
        locator -> Nullable<Text>,
        quotation -> Nullable<Text>,
        accessed_on -> Nullable<Date>,
    }
}

diesel::table! {
    assessments (id) {
        id -> Text,
        trackable_id -> Text,
        trackable_kind -> Text,
        status -> Text,
        effective_on -> Date,
        edtf_date -> Nullable<Text>,
        recorded_at -> Timestamp,
        held_by_id -> Nullable<Text>,
        momentum -> Text,
        confidence -> Text,
        note -> Text,
        note_words -> Text,
        event_id -> Nullable<Text>,
        recorded_by -> Text,
        imported -> Bool,
        retracted_at -> Nullable<Timestamp>,
        retracted_by -> Nullable<Text>,
        retraction_reason -> Nullable<Text>,
        submitted_by -> Nullable<Text>,
    }
}

diesel::table! {
    assessment_evidence (assessment_id, source_id) {
        assessment_id -> Text,
        source_id -> Text,
        position -> Integer,
        locator -> Nullable<Text>,
        quotation -> Nullable<Text>,
        accessed_on -> Nullable<Date>,
    }
}

diesel::table! {
    assessment_breakers (assessment_id, party_id) {
        assessment_id -> Text,
        party_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    status_checks (id) {
        id -> Text,
        trackable_id -> Text,
        checked_on -> Date,
        note -> Nullable<Text>,
        recorded_at -> Timestamp,
        recorded_by -> Text,
        retracted_at -> Nullable<Timestamp>,
        retracted_by -> Nullable<Text>,
        retraction_reason -> Nullable<Text>,
    }
}

diesel::table! {
    submissions (id) {
        id -> Text,
        trackable_id -> Text,
        trackable_kind -> Text,
        status -> Text,
        effective_on -> Date,
        edtf_date -> Nullable<Text>,
        held_by_id -> Nullable<Text>,
        momentum -> Text,
        confidence -> Text,
        note -> Text,
        event_id -> Nullable<Text>,
        breached_by -> Text,
        evidence -> Text,
        corrects_id -> Nullable<Text>,
        correction_reason -> Nullable<Text>,
        submitted_at -> Timestamp,
        submitted_by -> Text,
        state -> Text,
        ended_at -> Nullable<Timestamp>,
        ended_by -> Nullable<Text>,
        end_reason -> Nullable<Text>,
        assessment_id -> Nullable<Text>,
        batch_id -> Text,
    }
}

diesel::table! {
    submission_comments (id) {
        id -> Text,
        submission_id -> Text,
        text -> Text,
        written_at -> Timestamp,
        written_by -> Text,
    }
}

diesel::table! {
    log_head (id) {
        id -> Integer,
        position -> BigInt,
        recorded_microseconds -> BigInt,
    }
}

diesel::table! {
    changes (position) {
        position -> BigInt,
        recorded_at -> Timestamp,
        actor -> Text,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        fields -> Text,
    }
}

diesel::table! {
    releases (id) {
        id -> Text,
        name -> Text,
        title -> Nullable<Text>,
        notes -> Nullable<Text>,
        position -> Integer,
        known_at -> Timestamp,
        created_at -> Timestamp,
        merkle_root -> Text,
    }
}

diesel::table! {
    release_files (release_id, name) {
        release_id -> Text,
        name -> Text,
        bytes -> Integer,
        sha256 -> Text,
        content -> Text,
    }
}

diesel::table! {
    tokens (id) {
        id -> Text,
        name -> Text,
        role -> Text,
        digest -> Text,
        hint -> Text,
        created_at -> Timestamp,
        created_by -> Text,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        revoked_by -> Nullable<Text>,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Text,
        url -> Text,
        description -> Nullable<Text>,
        format -> Text,
        secret -> Text,
        previous_secret -> Nullable<Text>,
        rotated_at -> Nullable<Timestamp>,
        filter -> Text,
        position -> BigInt,
        failures -> Integer,
        failing_since -> Nullable<Timestamp>,
        next_attempt_at -> Nullable<Timestamp>,
        lease_holder -> Nullable<Text>,
        leased_until -> Nullable<Timestamp>,
        test_requested_at -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
        disabled_reason -> Nullable<Text>,
        created_at -> Timestamp,
        created_by -> Text,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Text,
        webhook_id -> Text,
        position -> Nullable<BigInt>,
        attempt -> Integer,
        started_at -> Timestamp,
        milliseconds -> Integer,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    sign_ins (digest) {
        digest -> Text,
        token_id -> Nullable<Text>,
        name -> Text,
        role -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    idempotency_keys (actor, key) {
        actor -> Text,
        key -> Text,
        digest -> Text,
        outcome_id -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    search_documents (id) {
        id -> Text,
        kind -> Text,
        container_id -> Nullable<Text>,
        name -> Nullable<Text>,
    }
}

diesel::table! {
    search_words (word, document_id) {
        word -> Text,
        document_id -> Text,
        weight -> Integer,
        lent -> Integer,
    }
}

diesel::table! {
    search_notes (word, assessment_id) {
        word -> Text,
        assessment_id -> Text,
    }
}

diesel::table! {
    search_spellings (word) {
        word -> Text,
        reversed -> Text,
        spelling -> Text,
    }
}

diesel::table! {
    search_index (id) {
        id -> Integer,
        version -> Integer,
    }
}

// Views that are read like tables.

diesel::table! {
    timeline (id) {
        id -> Text,
        day -> Date,
        rank -> Integer,
        kind -> Text,
        is_shown -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    slugs,
    parties,
    topics,
    sources,
    agreements,
    external_ids,
    agreement_parties,
    agreement_relations,
    agreement_endings,
    topic_treatments,
    trackables,
    clauses,
    obligations,
    criteria,
    deadlines,
    codings,
    proposals,
    proposal_parties,
    proposal_agreements,
    caveats,
    caveat_parties,
    caveat_exchanges,
    caveat_answers,
    caveat_clause_links,
    preconditions,
    interpretations,
    events,
    event_actors,
    event_trackables,
    event_sources,
    assessments,
    assessment_evidence,
    assessment_breakers,
    status_checks,
    submissions,
    submission_comments,
    log_head,
    changes,
    releases,
    release_files,
    tokens,
    webhooks,
    webhook_deliveries,
    sign_ins,
    idempotency_keys,
    search_documents,
    search_words,
    search_notes,
    search_spellings,
    search_index,
    timeline,
);
