-- An entry and its versions in one table, feeds by number, each address once, and found by a short hash of it.
-- short_hash(feed, text) is ours (see migrate.py): 32 bits, so what it finds is compared with the text itself.

CREATE TABLE feed_key (
    feed INTEGER PRIMARY KEY,
    feed_id TEXT NOT NULL UNIQUE
);
INSERT INTO feed_key (feed_id)
SELECT feed_id FROM feed_state UNION SELECT feed_id FROM entry UNION SELECT feed_id FROM sighting ORDER BY 1;

-- One row per text that an entry has had; the same text with other markup is a sighting, not a version.
-- The row without first_id is the entry itself, as first seen; but its guid, link, date and words are always those of
-- the latest version, and only its own are looked up. A later version keeps guid, link and date as they came with it.
-- Numbers first: what a search reads lies before the texts, which may be long.
CREATE TABLE slim_entry (
    id INTEGER PRIMARY KEY,
    first_id INTEGER REFERENCES entry (id) ON DELETE CASCADE,
    feed INTEGER NOT NULL REFERENCES feed_key (feed),
    story_id INTEGER REFERENCES story (id),  -- the same in all versions of an entry
    published_us INTEGER,
    updated_us INTEGER,
    written_us INTEGER NOT NULL,
    guid_hash INTEGER,  -- NULL: no guid, or a later version
    link_hash INTEGER,
    text BLOB NOT NULL,
    headline BLOB NOT NULL,
    guid TEXT NOT NULL,
    link TEXT,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    words TEXT  -- NULL in a later version
);

-- Ids of entries stay, because alerts name them. A version's is made of its entry's place, after all of those.
CREATE TEMP TABLE numbered (entry_id INTEGER, revision INTEGER, id INTEGER, PRIMARY KEY (entry_id, revision));
INSERT INTO numbered SELECT entry_id, min(revision), entry_id FROM entry_version GROUP BY entry_id;
CREATE TEMP TABLE later AS
SELECT entry_id, revision FROM entry_version AS version
WHERE EXISTS (SELECT 1 FROM entry_version WHERE entry_id = version.entry_id AND revision < version.revision)
ORDER BY entry_id, revision;
INSERT INTO numbered SELECT entry_id, revision, (SELECT max(id) FROM entry) + rowid FROM later;

INSERT INTO slim_entry
SELECT
    numbered.id, nullif(entry.id, numbered.id), feed_key.feed, entry.story_id,
    CASE numbered.id WHEN entry.id THEN entry.published_us ELSE version.published_us END,
    version.updated_us, version.written_us,
    CASE numbered.id WHEN entry.id THEN short_hash(feed_key.feed, entry.guid) END,
    CASE numbered.id WHEN entry.id THEN short_hash(feed_key.feed, entry.link) END,
    version.text, version.headline,
    CASE numbered.id WHEN entry.id THEN entry.guid ELSE version.guid END,
    CASE numbered.id WHEN entry.id THEN entry.link ELSE version.link END,
    version.title, version.summary, version.body, version.author,
    CASE numbered.id WHEN entry.id THEN entry.words END
FROM numbered
JOIN entry ON entry.id = numbered.entry_id
JOIN entry_version AS version ON version.entry_id = numbered.entry_id AND version.revision = numbered.revision
JOIN feed_key ON feed_key.feed_id = entry.feed_id
ORDER BY numbered.id;

-- Every form, markup included, in which a feed has shown an entry: the first 8 bytes of its hash. No foreign key, which
-- would want an index as large as the table: who removes an entry removes its sightings.
CREATE TABLE slim_sighting (
    feed INTEGER NOT NULL,
    raw BLOB NOT NULL,
    entry_id INTEGER NOT NULL,
    seen_day INTEGER NOT NULL,  -- since 1970-01-01: when the feed's document last held it
    PRIMARY KEY (feed, raw, entry_id)
) WITHOUT ROWID;
INSERT OR IGNORE INTO slim_sighting
SELECT feed_key.feed, substr(sighting.raw, 1, 8), sighting.entry_id, max(sighting.seen_us) / 86400000000
FROM sighting JOIN feed_key ON feed_key.feed_id = sighting.feed_id
GROUP BY feed_key.feed, substr(sighting.raw, 1, 8), sighting.entry_id;

-- Every decision about a match, also the quiet ones. story_id is kept when the story has gone.
CREATE TABLE slim_verdict (
    entry_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    version_id INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    severity TEXT NOT NULL,
    reason TEXT NOT NULL,
    spans TEXT NOT NULL,
    story_id INTEGER NOT NULL,
    decided_us INTEGER NOT NULL,
    PRIMARY KEY (entry_id, rule_id, version_id)
) WITHOUT ROWID;
INSERT INTO slim_verdict
SELECT
    verdict.entry_id, verdict.rule_id, numbered.id, verdict.severity, verdict.reason, verdict.spans, verdict.story_id,
    verdict.decided_us
FROM verdict JOIN numbered ON numbered.entry_id = verdict.entry_id AND numbered.revision = verdict.revision;

DROP TABLE later;
DROP TABLE numbered;
DROP TABLE verdict;
DROP TABLE sighting;
DROP TABLE entry_version;
DROP TABLE entry;
ALTER TABLE slim_entry RENAME TO entry;
ALTER TABLE slim_sighting RENAME TO sighting;
ALTER TABLE slim_verdict RENAME TO verdict;

CREATE INDEX entry_by_guid ON entry (guid_hash) WHERE guid_hash IS NOT NULL;
CREATE INDEX entry_by_link ON entry (link_hash) WHERE link_hash IS NOT NULL;
CREATE INDEX entry_by_text ON entry (feed, substr(text, 1, 4));
CREATE INDEX entry_by_first ON entry (first_id) WHERE first_id IS NOT NULL;
CREATE INDEX entry_by_story ON entry (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX entry_by_story_and_feed ON entry (story_id, feed) WHERE story_id IS NOT NULL;
CREATE INDEX entry_by_headline ON entry (headline, written_us) WHERE story_id IS NOT NULL;
CREATE INDEX verdict_by_version ON verdict (version_id);
CREATE INDEX verdict_by_time ON verdict (decided_us, reason);
