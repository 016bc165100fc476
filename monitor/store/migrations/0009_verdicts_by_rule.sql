-- How often a rule matched, day by day, and when last: counted in this index alone, without a look at verdicts.
CREATE INDEX verdict_by_rule ON verdict (rule_id, decided_us, reason);
