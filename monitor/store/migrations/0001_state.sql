-- Instants are integer microseconds since 1970-01-01 UTC and end in _us. Hashes are blobs, compound values JSON.
-- Only what SQLite 3.24 knows is used (no STRICT, no RETURNING): enterprise distributions still ship 3.34.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE feed_state (
    feed_id TEXT PRIMARY KEY,
    next_poll_us INTEGER NOT NULL,
    lease_until_us INTEGER,  -- NULL: nobody polls it
    baselined INTEGER NOT NULL DEFAULT 0,
    validators_url TEXT,  -- NULL: no validators
    etag TEXT,
    last_modified TEXT,
    body_hash BLOB,
    failures INTEGER NOT NULL DEFAULT 0,
    last_polled_us INTEGER,
    last_success_us INTEGER,
    last_new_us INTEGER,
    last_error TEXT
) WITHOUT ROWID;

-- Ids are never used twice: an alert's id is made of its story's.
CREATE TABLE story (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    begun_us INTEGER NOT NULL,
    last_number INTEGER NOT NULL DEFAULT 0  -- of its alerts; outlives them
);

-- guid, link, published_us and words are those of the latest version.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    feed_id TEXT NOT NULL,
    guid TEXT NOT NULL,
    link TEXT,
    published_us INTEGER,
    words TEXT NOT NULL,
    story_id INTEGER REFERENCES story (id),
    first_seen_us INTEGER NOT NULL
);
CREATE INDEX entry_by_guid ON entry (feed_id, guid) WHERE guid <> '';
CREATE INDEX entry_by_link ON entry (feed_id, link) WHERE link IS NOT NULL;
CREATE INDEX entry_by_story ON entry (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX entry_by_story_and_feed ON entry (story_id, feed_id) WHERE story_id IS NOT NULL;

-- One row per text: the same text with other markup is a sighting, not a version.
CREATE TABLE entry_version (
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,  -- 1 is the entry as first seen
    feed_id TEXT NOT NULL,
    text BLOB NOT NULL,
    headline BLOB NOT NULL,
    guid TEXT NOT NULL,
    link TEXT,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    published_us INTEGER,
    updated_us INTEGER,
    written_us INTEGER NOT NULL,
    PRIMARY KEY (entry_id, revision)
);
CREATE INDEX version_by_text ON entry_version (feed_id, text);
CREATE INDEX version_by_headline ON entry_version (headline, written_us);

-- Every form, markup included, in which a feed has shown an entry.
CREATE TABLE sighting (
    feed_id TEXT NOT NULL,
    raw BLOB NOT NULL,
    entry_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,  -- last seen in the feed's document, to the day
    PRIMARY KEY (feed_id, raw, entry_id),
    FOREIGN KEY (entry_id, revision) REFERENCES entry_version (entry_id, revision) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX sighting_by_version ON sighting (entry_id, revision, seen_us);
CREATE INDEX sighting_by_time ON sighting (feed_id, seen_us);

-- Every decision about a match, also the quiet ones. story_id is kept when the story has gone.
CREATE TABLE verdict (
    entry_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    rule_id TEXT NOT NULL,
    severity TEXT NOT NULL,
    reason TEXT NOT NULL,
    spans TEXT NOT NULL,
    story_id INTEGER NOT NULL,
    decided_us INTEGER NOT NULL,
    PRIMARY KEY (entry_id, revision, rule_id),
    FOREIGN KEY (entry_id, revision) REFERENCES entry_version (entry_id, revision) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX verdict_by_time ON verdict (decided_us, reason);

CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    story_id INTEGER NOT NULL REFERENCES story (id),
    number INTEGER NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    rule_id TEXT NOT NULL,
    rule_title TEXT NOT NULL,
    severity TEXT NOT NULL,
    reason TEXT NOT NULL,
    feed_id TEXT NOT NULL,
    feed_name TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    link TEXT,
    published_us INTEGER,
    decided_us INTEGER NOT NULL,
    spans TEXT NOT NULL,
    UNIQUE (story_id, number)
);
CREATE INDEX alert_by_entry ON alert (entry_id);
CREATE INDEX alert_by_time ON alert (decided_us);

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    channel_id TEXT NOT NULL,
    recipient_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'retrying', 'sent', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,  -- tries whose outcome was recorded
    created_us INTEGER NOT NULL,
    next_try_us INTEGER NOT NULL,
    lease_until_us INTEGER,  -- NULL: nobody sends it
    last_try_us INTEGER,
    last_error TEXT,
    sent_us INTEGER,
    UNIQUE (alert_id, channel_id, recipient_key)
);
CREATE INDEX delivery_due ON delivery (next_try_us, id) WHERE status IN ('pending', 'retrying');
CREATE INDEX delivery_due_by_channel ON delivery (channel_id, next_try_us, id, lease_until_us)
WHERE status IN ('pending', 'retrying');
CREATE INDEX delivery_by_status ON delivery (status, id);
