-- What was seen of matched entries as their feeds served them. Bytes are compressed (zlib), digests are SHA-256 of what
-- they were before.

-- A document that held such entries, with its request and answer. `body`: NULL where all of them could be cut out of it.
CREATE TABLE evidence_page (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,
    fetched_us INTEGER NOT NULL,
    told BLOB NOT NULL,  -- JSON
    body BLOB,
    UNIQUE (sha256, fetched_us)
);

-- By version. Goes with it.
CREATE TABLE evidence (
    version_id INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    page_id INTEGER NOT NULL REFERENCES evidence_page (id),
    told TEXT NOT NULL,  -- JSON
    sha256 BLOB,  -- NULL: its bytes could not be told
    item BLOB  -- NULL: not kept
);
CREATE INDEX evidence_by_page ON evidence (page_id);

-- Each way that a rule ever read while it matched, once.
CREATE TABLE rule_text (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    text BLOB NOT NULL
);
CREATE TABLE evidence_rule (
    version_id INTEGER NOT NULL REFERENCES evidence (version_id) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    text_id INTEGER NOT NULL REFERENCES rule_text (id),
    PRIMARY KEY (version_id, rule_id)
) WITHOUT ROWID;
CREATE INDEX evidence_rule_by_text ON evidence_rule (text_id);
