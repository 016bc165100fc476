"""What is recorded of feeds: counted, and gone through from one entry to the next."""

from __future__ import annotations
