-- What people look for alerts by. Rule, severity, reason and feed stand in the alert, and in the index by time, so that
-- a year of alerts is gone through without a look at what they say.
DROP INDEX alert_by_time;
CREATE INDEX alert_by_time ON alert (decided_us, story_id, number, rule_id, severity, reason, feed_id, id);

-- What an alert has several of: places and classes of event as the report names them, its source as feed and newsroom.
CREATE TABLE alert_mark (
    kind TEXT NOT NULL,  -- 'place', 'event', 'source'
    value TEXT NOT NULL,  -- an id
    decided_us INTEGER NOT NULL,
    story_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (kind, value, decided_us, story_id, number),
    FOREIGN KEY (story_id, number) REFERENCES alert (story_id, number) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX alert_mark_by_alert ON alert_mark (story_id, number, kind, value);

INSERT OR IGNORE INTO alert_mark
SELECT 'place', fact.value, decided_us, story_id, number FROM alert, json_each(alert.told, '$.facts.places') AS fact;
INSERT OR IGNORE INTO alert_mark
SELECT 'event', fact.value, decided_us, story_id, number FROM alert, json_each(alert.told, '$.facts.events') AS fact;
INSERT OR IGNORE INTO alert_mark SELECT 'source', feed_id, decided_us, story_id, number FROM alert;
INSERT OR IGNORE INTO alert_mark
SELECT 'source', report.newsroom, decided_us, alert.story_id, number
FROM alert JOIN report ON report.entry_id = alert.entry_id WHERE report.newsroom <> '';
