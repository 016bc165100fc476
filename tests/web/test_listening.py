"""A socket in the file system: who may connect, what is in its way, and who is believed that comes through it."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.errors import UsageError
from monitor.serve import Listen
from monitor.web.access import opening
from monitor.web.app import make_app
from monitor.web.listening import UnixSocket, address_of, bound, made_at, place_of, removed
from tests.web.access.made import TOKEN, WITH_TOKEN, desk_with
from tests.web.running import running_on

OPTION = "--listen"
TRUST = "trust: {proxy: unix, header: X-Forwarded-User}"


@pytest.fixture
def path() -> Iterator[Path]:
    """A short one: a socket's name has 107 bytes at most."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder) / "web.sock"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("127.0.0.1:8080", Listen("127.0.0.1", 8080)),
        ("8080", Listen("127.0.0.1", 8080)),
        ("unix:/run/monitor/web.sock", UnixSocket(Path("/run/monitor/web.sock"))),
    ],
)
def test_a_place_is_an_address_or_a_socket(written, place):
    assert place_of(written, option=OPTION) == place


@pytest.mark.parametrize("written", ["unix:", "unix:web.sock", "unix:~/web.sock", "/run/web.sock"])
def test_a_socket_is_named_by_its_whole_path(written):
    with pytest.raises(UsageError, match="--listen needs"):
        place_of(written, option=OPTION)


def test_its_owner_and_group_may_connect_and_nobody_else(path):
    with bound(UnixSocket(path), option=OPTION) as listening:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert address_of(UnixSocket(path), listening) == f"unix:{path}"
        made = made_at(UnixSocket(path))
    removed(UnixSocket(path), made)
    removed(UnixSocket(path), made)
    assert not path.exists()


def test_whoever_ends_removes_its_own_socket_and_not_that_of_who_came_after(path):
    place = UnixSocket(path)
    with bound(place, option=OPTION):
        first = made_at(place)
    with bound(place, option=OPTION):
        removed(place, first)
        assert path.is_socket()
        removed(place, made_at(place))
    assert not path.exists()
    assert made_at(place) is None
    assert made_at(Listen("127.0.0.1", 8080)) is None


def test_a_program_that_hangs_where_it_listens_is_in_the_way_and_nobody_waits_for_it(path):
    with socket.socket(socket.AF_UNIX) as hanging, ExitStack() as askers:
        hanging.bind(str(path))
        hanging.listen(0)
        for _ in range(5):
            asker = askers.enter_context(socket.socket(socket.AF_UNIX))
            asker.setblocking(False)
            with suppress(BlockingIOError):
                asker.connect(str(path))
        with pytest.raises(UsageError, match="another program listens there"):
            bound(UnixSocket(path), option=OPTION)
        assert path.is_socket()


def test_what_a_crash_left_is_replaced_and_what_somebody_uses_is_not(path):
    with bound(UnixSocket(path), option=OPTION):
        with pytest.raises(UsageError, match="another program listens there"):
            bound(UnixSocket(path), option=OPTION)
        assert path.exists()
    with bound(UnixSocket(path), option=OPTION):
        assert path.is_socket()


@pytest.mark.parametrize("kind", ["file", "directory", "link"])
def test_nothing_else_is_removed_for_it(path, kind):
    other = path.with_name("other")
    other.write_text("kept", encoding="utf-8")
    {"file": lambda: path.write_text("kept"), "directory": path.mkdir, "link": lambda: path.symlink_to(other)}[kind]()
    with pytest.raises(UsageError, match="something else has this name"):
        bound(UnixSocket(path), option=OPTION)
    assert path.exists()
    assert other.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("name", ["none/web.sock", "x" * 200])
def test_where_there_can_be_none_it_is_said_what_to_do(path, name):
    with pytest.raises(UsageError, match="choose another path with --listen"):
        bound(UnixSocket(path.parent / name), option=OPTION)


def test_it_is_refused_until_the_rules_say_who_may_look(tmp_path, path):
    with pytest.raises(UsageError, match="a socket is for a proxy"):
        opening.check(UnixSocket(path), desk_with(tmp_path).config, option=OPTION)
    opening.check(UnixSocket(path), desk_with(tmp_path, TRUST).config, option=OPTION)


class Through(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(str(self._path))


@contextmanager
def served(desk, path: Path) -> Iterator[None]:
    with bound(UnixSocket(path), option=OPTION) as listening, running_on(listening, make_app(desk)):
        yield


def status(path: Path, **headers: str) -> int:
    connection = Through(path)
    try:
        connection.request("GET", "/no-such-page", headers={k.replace("_", "-"): v for k, v in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("settings", "headers", "expected"),
    [
        ((), {}, 403),
        ((), {"X_Forwarded_For": "10.1.2.3"}, 403),
        ((WITH_TOKEN,), {}, 401),
        ((WITH_TOKEN,), {"Authorization": f"Bearer {TOKEN}"}, 404),
        ((TRUST,), {}, 403),
        ((TRUST,), {"X_Forwarded_User": "salma", "X_Forwarded_For": "10.1.2.3"}, 404),
        (("trust: {proxy: 127.0.0.1, header: X-Forwarded-User}",), {"X_Forwarded_User": "salma"}, 403),
    ],
)
def test_who_comes_through_it_is_believed_as_far_as_the_rules_say(tmp_path, path, settings, headers, expected):
    with served(desk_with(tmp_path, *settings), path):
        assert status(path, **headers) == expected
