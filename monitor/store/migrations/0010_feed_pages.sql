-- A feed's newest entries, for its page. Without it the newest ten of a feed that publishes rarely are found by reading
-- everything that the others published since.
CREATE INDEX entry_by_feed ON entry (feed, written_us) WHERE first_id IS NULL;
