"""Who may look at the pages, from where, and what they may send."""
