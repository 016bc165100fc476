-- Which deliveries come first, which may have arrived already, and for which channel another stands in.

ALTER TABLE delivery ADD COLUMN urgency INTEGER NOT NULL DEFAULT 2;  -- 0 critical to 4 info
ALTER TABLE delivery ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;  -- tries after which it may have arrived
ALTER TABLE delivery ADD COLUMN stands_in_for TEXT;  -- NULL: it was decided for this very channel

UPDATE delivery SET urgency = (
    SELECT CASE alert.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END
    FROM alert WHERE alert.id = delivery.alert_id
) WHERE status IN ('pending', 'retrying');

DROP INDEX delivery_due_by_channel;
CREATE INDEX delivery_due_by_channel ON delivery (channel_id, urgency, next_try_us, id, lease_until_us)
WHERE status IN ('pending', 'retrying');
