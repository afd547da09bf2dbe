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

-- What was said, by anybody, in order: after turn `sequence`, the customer's words are 0, the bot's are 1.
CREATE TABLE messages (
    tenant       TEXT    NOT NULL,
    conversation BLOB    NOT NULL,
    sequence     INTEGER NOT NULL,
    ordinal      INTEGER NOT NULL,
    role         TEXT    NOT NULL,
    text         TEXT    NOT NULL,
    at_ms        INTEGER NOT NULL
);
CREATE UNIQUE INDEX messages_of_conversation ON messages (tenant, conversation, sequence, ordinal);

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
