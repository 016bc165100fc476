"""The pages behind the links of messages: an alert, and what its links do."""
