-- Which version of an entry its feed showed last: not always the newest, for a headline may be taken back. And where the
-- pages of articles were found, to know a page to which several addresses lead.
ALTER TABLE article ADD COLUMN shown_id INTEGER;  -- NULL: the newest
ALTER TABLE article ADD COLUMN page INTEGER;  -- short_hash of its final address; NULL: not read
CREATE INDEX article_by_page ON article (feed, page) WHERE page IS NOT NULL;
