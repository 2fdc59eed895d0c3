-- Foundation. Ids and instants are TEXT (lower-case UUID, fixed-width RFC 3339 in UTC) on both engines,
-- so that one statement serves both; counters are BIGINT.

-- the house itself
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- people, capacities, sign-in
CREATE TABLE account (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, language TEXT NOT NULL, created_at TEXT NOT NULL, ended_at TEXT);
CREATE TABLE seat (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account (id), kind TEXT NOT NULL,
    unit_id TEXT, area_id TEXT, organisation_id TEXT, created_at TEXT NOT NULL, ended_at TEXT);
CREATE INDEX seat_account ON seat (account_id);
CREATE INDEX seat_unit ON seat (unit_id);
CREATE TABLE session (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL REFERENCES account (id),
    seat_id TEXT NOT NULL REFERENCES seat (id), assurance TEXT NOT NULL, label TEXT NOT NULL,
    created_at TEXT NOT NULL, seen_at TEXT NOT NULL, idle_until TEXT NOT NULL, absolute_until TEXT NOT NULL,
    ended_at TEXT, end_reason TEXT, previous_hash TEXT);
CREATE INDEX session_account ON session (account_id);
CREATE TABLE invitation (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, code_hash TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    aggregate_id TEXT NOT NULL, subject TEXT NOT NULL, created_by TEXT NOT NULL, created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL, used_at TEXT, used_by TEXT, tries BIGINT NOT NULL);
CREATE TABLE passkey (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES account (id), credential_id TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL, sign_count BIGINT NOT NULL, label TEXT NOT NULL, transports TEXT NOT NULL,
    created_at TEXT NOT NULL, used_at TEXT, backed_up BIGINT NOT NULL);
CREATE INDEX passkey_account ON passkey (account_id);
CREATE TABLE challenge (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, account_id TEXT, session_id TEXT,
    created_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_at TEXT, data TEXT NOT NULL);
CREATE TABLE guess (
    bucket TEXT NOT NULL, window_start TEXT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (bucket, window_start));
CREATE TABLE identity (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, account_id TEXT NOT NULL REFERENCES account (id),
    PRIMARY KEY (issuer, subject));

-- what features keep: one aggregate (child, unit, area, user, team) is locked, read and published as a whole
CREATE TABLE aggregate (id TEXT PRIMARY KEY, kind TEXT NOT NULL, owner_unit TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE record (
    id TEXT PRIMARY KEY, entity TEXT NOT NULL, aggregate_id TEXT NOT NULL REFERENCES aggregate (id),
    owner_unit TEXT NOT NULL, body TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX record_aggregate ON record (aggregate_id);
CREATE INDEX record_entity ON record (entity);

-- what may be read: scopes, the latest state of each document in each scope, who holds a scope
CREATE TABLE scope (
    id BIGSERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE, version BIGINT NOT NULL, holders_version BIGINT NOT NULL,
    live BIGINT NOT NULL, digest BIGINT NOT NULL, horizon BIGINT NOT NULL, store TEXT NOT NULL) WITH (fillfactor = 60);
CREATE TABLE feed (
    scope_id BIGINT NOT NULL REFERENCES scope (id), entity TEXT NOT NULL, doc_id TEXT NOT NULL,
    version BIGINT NOT NULL, doc TEXT, hash TEXT NOT NULL, aggregate_id TEXT NOT NULL, changed_at TEXT NOT NULL,
    PRIMARY KEY (scope_id, entity, doc_id));
CREATE UNIQUE INDEX feed_version ON feed (scope_id, version);
CREATE INDEX feed_aggregate ON feed (aggregate_id);
CREATE INDEX feed_doc ON feed (doc_id);
CREATE TABLE grant_ (
    seat_id TEXT NOT NULL, scope_id BIGINT NOT NULL REFERENCES scope (id), aggregate_id TEXT NOT NULL,
    valid_until TEXT NOT NULL, PRIMARY KEY (seat_id, scope_id));
CREATE INDEX grant_scope ON grant_ (scope_id);
CREATE INDEX grant_aggregate ON grant_ (aggregate_id);
CREATE TABLE touched (
    seq BIGSERIAL PRIMARY KEY, xid BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    scope_id BIGINT, session_id TEXT, at TEXT NOT NULL);
CREATE INDEX touched_xid ON touched (xid);

-- who sends, what was decided, what was erased
CREATE TABLE replica (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL, seat_id TEXT NOT NULL, session_id TEXT NOT NULL,
    last_n BIGINT NOT NULL, assurance TEXT NOT NULL, created_at TEXT NOT NULL, seen_at TEXT NOT NULL);
CREATE INDEX replica_seat ON replica (seat_id);
CREATE TABLE receipt (
    account_id TEXT NOT NULL, seat_id TEXT NOT NULL, replica_id TEXT NOT NULL, n BIGINT NOT NULL,
    command_id TEXT NOT NULL, first BIGINT NOT NULL, answer TEXT NOT NULL, decided_at TEXT NOT NULL,
    PRIMARY KEY (account_id, seat_id, replica_id, n));
CREATE UNIQUE INDEX receipt_command ON receipt (account_id, seat_id, command_id) WHERE first = 1;
CREATE TABLE access_read (
    id TEXT NOT NULL, seat_id TEXT NOT NULL, entity TEXT NOT NULL, doc_id TEXT NOT NULL, aggregate_id TEXT,
    held BIGINT NOT NULL, acted_at TEXT NOT NULL, noted_at TEXT NOT NULL, PRIMARY KEY (seat_id, id));
CREATE INDEX access_read_doc ON access_read (doc_id);
CREATE INDEX access_read_aggregate ON access_read (aggregate_id);
CREATE TABLE purge (
    scope_id BIGINT NOT NULL, replica_id TEXT NOT NULL, aggregate_id TEXT NOT NULL, ended_at TEXT NOT NULL,
    dropped_at TEXT, PRIMARY KEY (scope_id, replica_id));
CREATE INDEX purge_aggregate ON purge (aggregate_id);

-- who did what, provably
CREATE TABLE audit (
    organisation_id TEXT NOT NULL, seq BIGINT NOT NULL, at TEXT NOT NULL, seat_id TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (organisation_id, seq));
CREATE TABLE audit_head (organisation_id TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL);

-- what is to be said, and to which devices
CREATE TABLE push_subscription (
    id TEXT PRIMARY KEY, account_id TEXT NOT NULL, seat_id TEXT NOT NULL, session_id TEXT NOT NULL,
    endpoint TEXT NOT NULL UNIQUE, p256dh TEXT NOT NULL, auth TEXT NOT NULL, lang TEXT NOT NULL,
    created_at TEXT NOT NULL, confirm_token TEXT NOT NULL, confirmed_at TEXT, dead_at TEXT, last_ok_at TEXT);
CREATE INDEX push_subscription_account ON push_subscription (account_id);
CREATE TABLE reminder (
    id TEXT PRIMARY KEY, aggregate_id TEXT NOT NULL, record_id TEXT NOT NULL, kind TEXT NOT NULL,
    account_id TEXT NOT NULL, due_at TEXT NOT NULL, state TEXT NOT NULL, claimed_until TEXT,
    attempts BIGINT NOT NULL, sent_at TEXT, data TEXT NOT NULL);
CREATE INDEX reminder_due ON reminder (state, due_at);
CREATE INDEX reminder_aggregate ON reminder (aggregate_id);
CREATE TABLE delivery (
    id TEXT PRIMARY KEY, reminder_id TEXT NOT NULL, subscription_id TEXT NOT NULL, state TEXT NOT NULL,
    attempts BIGINT NOT NULL, next_at TEXT NOT NULL, status BIGINT, at TEXT NOT NULL);
CREATE UNIQUE INDEX delivery_once ON delivery (reminder_id, subscription_id);
CREATE INDEX delivery_next ON delivery (state, next_at);
