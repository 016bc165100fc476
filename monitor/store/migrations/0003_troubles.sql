-- What is wrong with monitor itself, and what operators were told of it: a restart tells nothing twice.

CREATE TABLE trouble (
    key TEXT PRIMARY KEY,  -- the kind and whose it is
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,  -- the id of a feed, rule or channel; '' for none
    since_us INTEGER,
    facts TEXT NOT NULL,  -- JSON object
    patience_us INTEGER NOT NULL,
    passes INTEGER NOT NULL,
    begun_us INTEGER NOT NULL,
    over_us INTEGER,  -- NULL: it lasts
    times INTEGER NOT NULL,
    told INTEGER NOT NULL,
    said_us INTEGER  -- NULL: nobody was told yet
) WITHOUT ROWID;
