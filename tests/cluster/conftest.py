"""A database with the tables of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.cluster.schema import laid_out


@pytest.fixture
def db(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    with laid_out(postgres_url) as connection:
        yield connection
