from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from monitor.cluster.jobs.schema import Installed, install, newest
from monitor.errors import StateError, StateTooNew

FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'procrastinate%' ORDER BY proname, prosrc"


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_five_workers_that_start_at_once_make_the_tables_once(postgres_url: str) -> None:
    with ThreadPoolExecutor(5) as workers:
        found = Counter(workers.map(install, [postgres_url] * 5))
    assert found == {Installed.NEW: 1, Installed.THERE: 4}


def test_the_library_has_the_schema_that_this_monitor_was_written_for() -> None:
    assert newest() == "03.04.00_50_post_add_retry_failed_job_procedure"  # else look whether old workers bear the new


def test_a_schema_of_before_is_brought_up(postgres_url: str, url: str) -> None:
    before = [path for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")) if path.stem < "03.04"]
    for path in before:
        run(postgres_url, path.read_text())
    run(postgres_url, f"COMMENT ON TABLE procrastinate_jobs IS 'monitor: procrastinate {before[-1].stem}'")
    assert install(postgres_url) is Installed.MIGRATED
    assert install(postgres_url) is Installed.THERE
    assert "procrastinate_retry_job_v2" in dict(run(postgres_url, FUNCTIONS))
    assert {name for name, _ in run(url, FUNCTIONS)} <= {name for name, _ in run(postgres_url, FUNCTIONS)}


def test_a_queue_that_procrastinate_made_itself_will_do(postgres_url: str) -> None:
    run(postgres_url, SchemaManager.get_schema())
    assert install(postgres_url) is Installed.THERE


def test_a_queue_of_another_version_is_refused_with_the_remedy(url: str) -> None:
    run(url, "DROP FUNCTION procrastinate_retry_job_v2", "COMMENT ON TABLE procrastinate_jobs IS NULL")
    with pytest.raises(StateError, match=r"lacks procrastinate_retry_job_v2: apply its migrations up to 03\.04"):
        install(url)


def test_a_newer_schema_serves_as_long_as_it_has_what_we_call(url: str) -> None:
    run(url, "COMMENT ON TABLE procrastinate_jobs IS 'monitor: procrastinate 99.00.00_01_pre_all_new'")
    assert install(url) is Installed.THERE
    run(url, "DROP FUNCTION procrastinate_retry_job_v2")
    with pytest.raises(StateTooNew, match="upgrade this one"):
        install(url)
