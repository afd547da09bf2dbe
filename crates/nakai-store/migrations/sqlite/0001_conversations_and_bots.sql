-- Never change a migration that was released; add the next one.

-- One row per conversation: where it stands after its last turn.
CREATE TABLE conversations (
    tenant       TEXT    NOT NULL,
    conversation BLOB    NOT NULL,
    bot          TEXT    NOT NULL,
    version      BLOB    NOT NULL,
    sequence     INTEGER NOT NULL,
    language     TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    updated_ms   INTEGER NOT NULL,
    PRIMARY KEY (tenant, conversation)
) WITHOUT ROWID;

-- A table with row ids on purpose: records are large, and appending them touches fewer pages than placing each beside its
-- conversation.
CREATE TABLE turns (
    tenant       TEXT    NOT NULL,
    conversation BLOB    NOT NULL,
    sequence     INTEGER NOT NULL,
    turn         BLOB    NOT NULL,
    started_ms   INTEGER NOT NULL,
    outcome      TEXT    NOT NULL,
    bot          TEXT    NOT NULL,
    version      BLOB    NOT NULL,
    record       TEXT    NOT NULL
);
CREATE UNIQUE INDEX turns_of_conversation ON turns (tenant, conversation, sequence);
CREATE UNIQUE INDEX turns_by_id ON turns (turn);

-- What was said, in order: in turn `sequence` the customer's words are 0, the bot's are 1. A view, so that a customer's words are in
-- one place only, to be written once and erased once. U+0000, which PostgreSQL has no text for, shows as U+FFFD.
CREATE VIEW messages (tenant, conversation, sequence, ordinal, role, text, at_ms) AS
SELECT tenant, conversation, sequence, 0, 'customer', replace(record, '\u0000', '\ufffd') ->> '$.utterance', started_ms FROM turns
UNION ALL
SELECT tenant, conversation, sequence, 1, 'bot', replace(record, '\u0000', '\ufffd') ->> '$.reply.text', started_ms FROM turns;

-- Keys are bytes: they are compared and never shown.
CREATE TABLE idempotency (
    tenant         TEXT    NOT NULL,
    key            BLOB    NOT NULL,
    request_hash   BLOB    NOT NULL,
    turn           BLOB,
    lease_until_ms INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
) WITHOUT ROWID;

CREATE TABLE bundles (
    ordinal    INTEGER PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    bot        TEXT    NOT NULL,
    version    BLOB    NOT NULL,
    bytes      BLOB    NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (tenant, bot, version)
);

CREATE TABLE active_bots (
    tenant  TEXT NOT NULL,
    bot     TEXT NOT NULL,
    version BLOB NOT NULL,
    PRIMARY KEY (tenant, bot)
) WITHOUT ROWID;

-- One row that readiness rewrites, to learn whether the file can be written.
CREATE TABLE heartbeat (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    at_ms INTEGER NOT NULL
);
INSERT INTO heartbeat (id, at_ms) VALUES (1, 0);
