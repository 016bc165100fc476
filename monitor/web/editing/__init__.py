"""Changing one rule in the text of its file: text in, text out, and nothing else of the text touched."""
