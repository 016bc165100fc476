-- What each look asks of deliveries that are over, of which there may be hundreds of thousands.

CREATE INDEX delivery_sent_by_channel ON delivery (channel_id, sent_us) WHERE status = 'sent';
CREATE INDEX delivery_dead_by_time ON delivery (last_try_us) WHERE status = 'dead';
