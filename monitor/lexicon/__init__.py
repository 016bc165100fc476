"""Shipped knowledge: places with their spellings, and the words of events. Data in YAML, and its loader."""

from monitor.lexicon.load import load

__all__ = ["load"]
