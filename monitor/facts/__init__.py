"""What a report says happened: figures, places, event classes, actors and tags, read without judgement."""
