-- One event as told by many, what people want of it, and what waits.

-- Each entry in a story, by its latest version, as stories compare it.
CREATE TABLE report (
    entry_id INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES story (id),
    sketch BLOB NOT NULL,  -- see codec
    facts TEXT NOT NULL,  -- JSON object
    newsroom TEXT NOT NULL,
    owner TEXT NOT NULL,
    credited TEXT,  -- NULL: no agency is named
    kinship TEXT NOT NULL,  -- JSON: how it came into the story
    told_us INTEGER NOT NULL,  -- by the first version
    seen_us INTEGER NOT NULL,
    edited_us INTEGER,  -- when the latest version was seen; NULL: that is the first
    earlier BLOB  -- what it said before, see codec; NULL: nothing else
);
CREATE INDEX report_by_story ON report (story_id, seen_us);
CREATE INDEX report_by_newsroom ON report (story_id, newsroom, entry_id);

-- What a new entry finds its possible kin by: signed 64 bits, several a report, of all its versions. By when they were
-- seen, for a date that a feed gives may be any. Pruned with the window of stories.
CREATE TABLE story_key (
    key INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    story_id INTEGER NOT NULL,
    PRIMARY KEY (key, seen_us, entry_id)
) WITHOUT ROWID;
CREATE INDEX story_key_by_entry ON story_key (entry_id, seen_us);
CREATE INDEX story_key_by_time ON story_key (seen_us);
DROP INDEX entry_by_headline;  -- keys take its place

ALTER TABLE verdict ADD COLUMN why TEXT NOT NULL DEFAULT '';

ALTER TABLE alert ADD COLUMN told TEXT NOT NULL DEFAULT '{}';  -- JSON: facts, names, sources, what changed; see codec
CREATE INDEX alert_by_rule ON alert (rule_id, decided_us);

-- As before, with two more statuses and what a delivery waits for. (A CHECK cannot be changed in place.)
CREATE TABLE delivery_with_holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    channel_id TEXT NOT NULL,
    recipient_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'retrying', 'sent', 'dead', 'replaced', 'ended')),
    attempts INTEGER NOT NULL DEFAULT 0,  -- tries whose outcome was recorded
    created_us INTEGER NOT NULL,
    next_try_us INTEGER NOT NULL,
    lease_until_us INTEGER,  -- NULL: nobody sends it
    last_try_us INTEGER,
    last_error TEXT,
    sent_us INTEGER,
    urgency INTEGER NOT NULL DEFAULT 2,  -- 0 critical to 4 info
    doubts INTEGER NOT NULL DEFAULT 0,  -- tries after which it may have arrived
    stands_in_for TEXT,  -- NULL: it was decided for this very channel
    hold TEXT,  -- NULL: it waits for nothing but its turn
    thread TEXT,  -- what the service called the message; NULL: it did not tell
    answer TEXT,  -- what the service said, for people
    unacknowledged_us INTEGER,  -- since when nobody said that they saw it, which is why this channel is told; NULL: it is not
    UNIQUE (alert_id, channel_id, recipient_key)
);
INSERT INTO delivery_with_holds (
    id, alert_id, channel_id, recipient_key, status, attempts, created_us, next_try_us, lease_until_us, last_try_us,
    last_error, sent_us, urgency, doubts, stands_in_for
)
SELECT
    id, alert_id, channel_id, recipient_key, status, attempts, created_us, next_try_us, lease_until_us, last_try_us,
    last_error, sent_us, urgency, doubts, stands_in_for
FROM delivery ORDER BY id;
DROP TABLE delivery;
ALTER TABLE delivery_with_holds RENAME TO delivery;
CREATE INDEX delivery_due ON delivery (next_try_us, id) WHERE status IN ('pending', 'retrying');
CREATE INDEX delivery_due_by_channel ON delivery (channel_id, urgency, next_try_us, id, lease_until_us)
WHERE status IN ('pending', 'retrying');
CREATE INDEX delivery_by_status ON delivery (status, id);
CREATE INDEX delivery_sent_by_channel ON delivery (channel_id, sent_us) WHERE status = 'sent';
CREATE INDEX delivery_dead_by_time ON delivery (last_try_us) WHERE status = 'dead';

CREATE TABLE mute (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    until_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    begun_us INTEGER NOT NULL,
    ended_us INTEGER  -- NULL: nobody took it back
);
CREATE INDEX mute_by_end ON mute (until_us);

-- Somebody has seen it: no further channel of the rule's chain is told.
CREATE TABLE acknowledgement (
    alert_id TEXT PRIMARY KEY REFERENCES alert (id) ON DELETE CASCADE,
    by TEXT NOT NULL,
    at_us INTEGER NOT NULL
) WITHOUT ROWID;

-- Alerts that wait for one, and which step of the chain is next.
CREATE TABLE chain (
    alert_id TEXT PRIMARY KEY REFERENCES alert (id) ON DELETE CASCADE,
    channels TEXT NOT NULL,  -- JSON list: those still to be told, in order
    every_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX chain_due ON chain (due_us);

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    verdict TEXT NOT NULL,  -- 'match' or 'not a match'
    note TEXT NOT NULL,
    by TEXT NOT NULL,
    at_us INTEGER NOT NULL
);
CREATE INDEX feedback_by_rule ON feedback (rule_id, at_us);
CREATE INDEX feedback_by_alert ON feedback (alert_id);

-- Rules that count stories or wait for entries: since when they look for what they look for now, and what they know.
CREATE TABLE watch (
    rule_id TEXT PRIMARY KEY,
    looks BLOB NOT NULL,  -- hash of what it looks for; another one begins anew
    begun_us INTEGER NOT NULL,
    heard_us INTEGER,  -- when something that it waits for last came; NULL: not since it began
    silent_us INTEGER,  -- since when, of the silence that was decided and lasts; NULL: none does
    story_id INTEGER,
    entry_id INTEGER
) WITHOUT ROWID;

-- Each story once, by when it was first told. Pruned behind the weeks that a surge looks back.
CREATE TABLE counted (
    rule_id TEXT NOT NULL,
    told_us INTEGER NOT NULL,
    story_id INTEGER NOT NULL,
    PRIMARY KEY (rule_id, told_us, story_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX counted_by_story ON counted (rule_id, story_id);
CREATE INDEX counted_by_time ON counted (told_us);

CREATE TABLE volume_told (
    alert_id TEXT PRIMARY KEY REFERENCES alert (id) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    reached_us INTEGER NOT NULL,
    decided_us INTEGER NOT NULL,
    told_us INTEGER NOT NULL  -- later than it was decided, where the throttle held it
) WITHOUT ROWID;
CREATE INDEX volume_told_by_rule ON volume_told (rule_id, decided_us);
