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
    PRIMARY KEY (kind, value, decided_us, story_id, number)
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

-- By triggers, for whoever writes an alert or removes an old one.
CREATE TRIGGER alert_marked AFTER INSERT ON alert BEGIN
    INSERT OR IGNORE INTO alert_mark
    SELECT 'place', value, new.decided_us, new.story_id, new.number FROM json_each(new.told, '$.facts.places');
    INSERT OR IGNORE INTO alert_mark
    SELECT 'event', value, new.decided_us, new.story_id, new.number FROM json_each(new.told, '$.facts.events');
    INSERT OR IGNORE INTO alert_mark VALUES ('source', new.feed_id, new.decided_us, new.story_id, new.number);
    INSERT OR IGNORE INTO alert_mark
    SELECT 'source', newsroom, new.decided_us, new.story_id, new.number FROM report
    WHERE entry_id = new.entry_id AND newsroom <> '';
END;
CREATE TRIGGER alert_unmarked AFTER DELETE ON alert BEGIN
    DELETE FROM alert_mark WHERE story_id = old.story_id AND number = old.number;
END;
