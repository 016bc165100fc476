-- For many workers on one database (see monitor/cluster); on one machine these stay empty.

ALTER TABLE feed_state ADD COLUMN token INTEGER NOT NULL DEFAULT 0;  -- counts leases; who has an older one writes nothing
ALTER TABLE feed_state ADD COLUMN leased_by TEXT;
ALTER TABLE feed_state ADD COLUMN lane TEXT;  -- the host whose turn it needs; NULL: not in the rules that workers follow
CREATE INDEX feed_due ON feed_state (next_poll_us) WHERE lane IS NOT NULL;

CREATE TABLE lane (
    host TEXT PRIMARY KEY,
    free_us INTEGER NOT NULL,  -- when it may be asked next
    gap_us INTEGER NOT NULL,
    tail_us INTEGER NOT NULL  -- the end of its queue: feeds for which it had no slot have places up to here
) WITHOUT ROWID;

CREATE TABLE rules_version (
    number INTEGER PRIMARY KEY,
    published_us INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    note TEXT NOT NULL,
    main TEXT NOT NULL,  -- which of the files is the rules file
    files TEXT NOT NULL  -- JSON: relative path -> text
);

CREATE TABLE worker (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    began_us INTEGER NOT NULL,
    beat_us INTEGER NOT NULL,
    version TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('working', 'draining')),
    rules_number INTEGER,  -- NULL: it has none yet
    rules_trouble TEXT,  -- NULL: it follows the newest, or is about to
    told TEXT NOT NULL  -- JSON: counters, and what is under way
) WITHOUT ROWID;

-- Who sends to a channel now, and its pace as the last one left it.
CREATE TABLE channel_turn (
    channel_id TEXT PRIMARY KEY,
    worker TEXT,  -- NULL: nobody
    until_us INTEGER,
    token INTEGER NOT NULL DEFAULT 0,
    pace TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;
