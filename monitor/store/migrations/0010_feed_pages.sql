-- A feed's newest entries, for its page. Without it the newest ten of a feed that publishes rarely are found by reading
-- everything that the others published since. first_id is in it so that counting reads nothing but the index.
CREATE INDEX entry_by_feed ON entry (feed, written_us, first_id) WHERE first_id IS NULL;
