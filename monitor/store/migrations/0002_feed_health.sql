-- What a feed's polls teach about its rhythm and its health. Durations are microseconds, too.

ALTER TABLE feed_state ADD COLUMN failing_since_us INTEGER;
ALTER TABLE feed_state ADD COLUMN unchanged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed_state ADD COLUMN asked_wait_us INTEGER;
ALTER TABLE feed_state ADD COLUMN moved_to TEXT;
ALTER TABLE feed_state ADD COLUMN moved_times INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed_state ADD COLUMN rhythm BLOB;
ALTER TABLE feed_state ADD COLUMN entry_marks BLOB;
ALTER TABLE feed_state ADD COLUMN window_size INTEGER;
ALTER TABLE feed_state ADD COLUMN newest_us INTEGER;
ALTER TABLE feed_state ADD COLUMN gap_us INTEGER;
ALTER TABLE feed_state ADD COLUMN warnings TEXT;  -- JSON list; NULL: none
