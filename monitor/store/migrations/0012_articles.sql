-- The pages that entries of feeds with full_text link to: which are to be read, and what became of each.

CREATE TABLE article (
    entry_id INTEGER PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    feed INTEGER NOT NULL REFERENCES feed_key (feed),
    link TEXT NOT NULL,
    raw BLOB NOT NULL,  -- the form in which the feed last showed the entry, as in sighting
    state TEXT NOT NULL CHECK (state IN ('wanted', 'read', 'unread', 'left')),
    wanted_us INTEGER NOT NULL,  -- when last
    due_us INTEGER,  -- NULL: not wanted, or no more
    lease_until_us INTEGER,  -- NULL: nobody reads it
    attempts INTEGER NOT NULL DEFAULT 0,  -- in vain, since it was last wanted
    rounds INTEGER NOT NULL DEFAULT 1,  -- how often it was wanted: once, and for edits of the entry
    ended_us INTEGER,  -- when it was last read, given up or left
    error TEXT NOT NULL DEFAULT '',  -- why it was not read the last time
    version_id INTEGER  -- the newest version with a body from the page; NULL: none has
);
CREATE INDEX article_due ON article (due_us, feed) WHERE due_us IS NOT NULL;
CREATE INDEX article_asked ON article (feed, wanted_us) WHERE state <> 'left' OR attempts > 0 OR rounds > 1;
CREATE INDEX article_by_feed ON article (feed, wanted_us);
