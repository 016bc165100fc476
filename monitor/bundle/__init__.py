"""Evidence of a story as one file that anybody can check: gathered, written, verified."""
