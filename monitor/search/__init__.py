"""Full text search over the normal form: what it finds is what a rule with the same query would have matched."""
