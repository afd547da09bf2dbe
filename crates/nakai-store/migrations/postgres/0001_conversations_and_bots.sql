-- Never change a migration that was released; add the next one.

-- One row per conversation: where it stands after its last turn.
CREATE TABLE conversations (
    tenant       TEXT   NOT NULL,
    conversation BYTEA  NOT NULL,
    bot          TEXT   NOT NULL,
    version      BYTEA  NOT NULL,
    sequence     BIGINT NOT NULL,
    language     TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    updated_ms   BIGINT NOT NULL,
    PRIMARY KEY (tenant, conversation)
) WITH (fillfactor = 70);

CREATE TABLE turns (
    tenant       TEXT   NOT NULL,
    conversation BYTEA  NOT NULL,
    sequence     BIGINT NOT NULL,
    turn         BYTEA  NOT NULL,
    started_ms   BIGINT NOT NULL,
    outcome      TEXT   NOT NULL,
    bot          TEXT   NOT NULL,
    version      BYTEA  NOT NULL,
    record       TEXT   NOT NULL
);
CREATE UNIQUE INDEX turns_of_conversation ON turns (tenant, conversation, sequence);
CREATE UNIQUE INDEX turns_by_id ON turns (turn);

-- What was said, in order: in turn `sequence` the customer's words are 0, the bot's are 1. A view, so that a customer's words are in
-- one place only, to be written once and erased once. U+0000, which PostgreSQL has no text for, shows as U+FFFD.
CREATE VIEW messages (tenant, conversation, sequence, ordinal, role, text, at_ms) AS
SELECT tenant, conversation, sequence, 0, 'customer', replace(record, '\u0000', '\ufffd')::json ->> 'utterance', started_ms
FROM turns
UNION ALL
SELECT tenant, conversation, sequence, 1, 'bot', replace(record, '\u0000', '\ufffd')::json #>> '{reply,text}', started_ms
FROM turns;

-- Keys are bytes: they are compared and never shown, and TEXT refuses a NUL.
CREATE TABLE idempotency (
    tenant         TEXT   NOT NULL,
    key            BYTEA  NOT NULL,
    request_hash   BYTEA  NOT NULL,
    turn           BYTEA,
    lease_until_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, key)
);

CREATE TABLE bundles (
    ordinal    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant     TEXT   NOT NULL,
    bot        TEXT   NOT NULL,
    version    BYTEA  NOT NULL,
    bytes      BYTEA  NOT NULL,
    created_ms BIGINT NOT NULL,
    UNIQUE (tenant, bot, version)
);

CREATE TABLE active_bots (
    tenant  TEXT  NOT NULL,
    bot     TEXT  NOT NULL,
    version BYTEA NOT NULL,
    PRIMARY KEY (tenant, bot)
);
