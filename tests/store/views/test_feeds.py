"""What is recorded of feeds: counted, and gone through from one entry to the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model import Reason
from monitor.store.read import Reader
from monitor.store.views import feeds
from tests.store.builders import NOW, feed, ingest, item, opened, verdict
