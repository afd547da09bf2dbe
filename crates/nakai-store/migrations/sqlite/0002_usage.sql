-- What turns and calls of models used: one row for each call of a model, and one for a turn that asked none. `turns` is 1 in the first
-- row of a turn and 0 in its others and in calls outside of turns, so that sums add up whatever they are grouped by.
--
-- Rows and not sums by day: told apart by user, intent and version, nearly every turn would have a sum of its own, and a sum is a row
-- that all writers wait for, where rows are only appended, in the transaction of their turn. A million turns are summed up in seconds,
-- by those who ask for it and nobody else. A user's rows are found by the pseudonym, old ones by their time.
CREATE TABLE usage (
    tenant              TEXT    NOT NULL,
    at_ms               INTEGER NOT NULL,
    turn                BLOB,
    pseudonym           TEXT,
    key                 TEXT,
    bot                 TEXT,
    version             BLOB,
    intent              TEXT,
    flow                TEXT,
    model               TEXT,
    purpose             TEXT,
    turns               INTEGER NOT NULL,
    input_tokens        INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    reasoning_tokens    INTEGER NOT NULL,
    cost_micros         INTEGER NOT NULL,
    estimated           INTEGER NOT NULL,
    failed              INTEGER NOT NULL
);
CREATE INDEX usage_by_time ON usage (tenant, at_ms);

-- The newest turns of all conversations are asked for by tools.
CREATE INDEX turns_by_time ON turns (tenant, started_ms, turn);
