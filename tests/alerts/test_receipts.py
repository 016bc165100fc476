from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import receipts as module
from monitor.alerts.pool import Pool
from monitor.alerts.receipts import FOLDER, Receipts, Stub, remove
from monitor.alerts.send import AppriseSender
from monitor.alerts.worker import Lost
from monitor.clock import SystemClock
from monitor.model import NotSent, Receipt, Sent, mark_of
from tests.alerts.made import NOW, a_channel, a_delivery
from tests.alerts.servers import drop, hang, late, status, webhook
from tests.alerts.test_send_isolation import soon
from tests.support import ROOT

TAKEN = {"sent": True, "thread": "1718", "answer": "ok"}


@pytest.fixture
def receipts(tmp_path: Path) -> Receipts:
    return Receipts(tmp_path)


def files(state: Path) -> list[str]:
    """The deliveries that they are named after."""
    return sorted(path.name.partition("-")[0] for path in (state / FOLDER).glob("*"))


def sign(path: str | None, reply: dict[str, Any] = TAKEN) -> None:
    with Stub(path) as stub:
        stub.sign(reply)


def left(state: Path, *, within: float = 0.0) -> list[Receipt]:
    """As whoever comes next finds them, and records them."""
    receipts, found = Receipts(state), []
    for path, receipt in receipts.left(within=within):
        found.append(receipt)
        remove(path)
    return found


def gone(receipts: Receipts) -> None:
    """As the kernel does it when a process ends."""
    for each in set(receipts._open.values()):
        os.close(each.descriptor)
    receipts._open.clear()


def test_what_a_service_took_is_left_when_the_monitor_goes_and_once_only(receipts, tmp_path):
    delivery = a_delivery()
    sign(receipts.begin([delivery], now=NOW))
    gone(receipts)
    [found] = left(tmp_path)
    assert found.is_of(delivery)
    assert (found.sent.thread, found.sent.answer) == ("1718", "ok")
    assert NOW <= found.sent.sent_at < NOW + timedelta(minutes=1)
    assert left(tmp_path) == []
    assert files(tmp_path) == []


@pytest.mark.parametrize("reply", [{"sent": False, "detail": "HTTP 500"}, {"unusable": "no such service"}])
def test_what_no_service_took_is_sent_again(receipts, tmp_path, reply):
    sign(receipts.begin([a_delivery()], now=NOW), reply)
    gone(receipts)
    assert left(tmp_path) == []
    assert files(tmp_path) == []


def test_what_nobody_signed_is_sent_again(receipts, tmp_path):
    receipts.begin([a_delivery()], now=NOW)
    gone(receipts)
    assert left(tmp_path) == []


def test_half_a_signature_is_none(receipts, tmp_path):
    path = receipts.begin([a_delivery()], now=NOW)
    sign(path)
    gone(receipts)
    whole = Path(path).read_bytes()
    for length in range(len(whole) - 1):
        Path(path).write_bytes(whole[:length])
        assert left(tmp_path) == [], whole[:length]


ODD = (
    "[]\n[]",
    "{}\n{}",
    '{"marks": 1, "begun_at": ""}\n{"after": 1}',
    '{"marks": {}, "begun_at": 5}\n{"after": 1}',
    '{"marks": {}, "begun_at": "0001-01-01T00:00:00+23:59"}\n{"after": 1}',
    '{"marks": {}, "begun_at": "2026-11-26T20:00:00+00:00"}\n{"after": 1e300}',
    '{"marks": {}, "begun_at": "2026-11-26T20:00:00+00:00"}\n{"after": NaN}',
    "[" * 100_000 + "\n{}",
    "\x00\n\x00",
)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_what_is_no_receipt_is_passed_over(tmp_path, text):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "1-0123abcd.json").write_text(text)
    assert left(tmp_path) == []


def test_what_is_no_file_of_ours_is_left_where_it_is_and_waited_for_by_nobody(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "2-0123abcd.json").mkdir()
    os.mkfifo(folder / "3-0123abcd.json")
    (tmp_path / "other.json").write_text("{}")
    (folder / "4-0123abcd.json").symlink_to(tmp_path / "other.json")
    (folder / "package.json").write_text("{}")
    assert left(tmp_path, within=60) == []
    assert len(list(folder.iterdir())) == 4


def test_a_folder_that_leads_elsewhere_is_left_alone(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "1-0123abcd.json").write_text("{}")
    (tmp_path / FOLDER).symlink_to(elsewhere)
    assert Receipts(tmp_path).begin([a_delivery()], now=NOW) is None
    assert left(tmp_path) == []
    assert len(list(elsewhere.iterdir())) == 1


def test_what_is_recorded_in_memory_only_is_left_for_who_comes_next(receipts, tmp_path):
    sign(receipts.begin([a_delivery()], now=NOW))
    receipts.end(a_delivery(), durably=False)
    assert len(left(tmp_path)) == 1


def test_what_never_comes_to_be_recorded_is_let_go_of_and_left(receipts, tmp_path, monkeypatch):
    sign(receipts.begin([a_delivery()], now=NOW))
    assert left(tmp_path) == []
    monkeypatch.setattr(module, "LONGEST", -1.0)
    receipts.begin([replace(a_delivery(), id=2)], now=NOW)
    assert len(left(tmp_path)) == 1


def test_who_was_stopped_while_it_sent_is_not_waited_for(receipts, tmp_path):
    path = receipts.begin([a_delivery()], now=NOW)
    os.utime(path, (0, 0))
    assert left(tmp_path, within=3600) == []


def test_what_is_recorded_leaves_nothing(receipts, tmp_path):
    sign(receipts.begin([a_delivery()], now=NOW))
    assert files(tmp_path) == ["1"]
    receipts.end(a_delivery())
    receipts.end(a_delivery())
    assert files(tmp_path) == []


def test_one_message_of_several_alerts_has_one_receipt_and_no_thread_hangs_on_it(receipts, tmp_path):
    deliveries = [replace(a_delivery(title=f"غارة {n}"), id=n) for n in (3, 4, 5)]
    sign(receipts.begin(deliveries, now=NOW))
    assert files(tmp_path) == ["3"]
    gone(receipts)
    [found] = left(tmp_path)
    assert all(map(found.is_of, deliveries))
    assert found.sent.thread is None
    receipts.begin(deliveries, now=NOW)
    receipts.end(deliveries[1])
    assert files(tmp_path) == []


def test_a_receipt_tells_nothing_of_another_delivery_of_the_same_number():
    told = a_delivery()
    receipt = Receipt(marks={told.id: mark_of(told)}, begun_at=NOW, sent=Sent(sent_at=NOW))
    other = a_delivery(title="غارة أخرى")
    elsewhere = a_delivery(key="another")
    begun_anew = replace(told, created_at=NOW + timedelta(seconds=1))
    assert [receipt.is_of(each) for each in (told, other, elsewhere, begun_anew)] == [True, False, False, False]


def test_while_somebody_holds_it_a_receipt_is_not_left_and_who_still_sends_is_waited_for(receipts, tmp_path):
    path = receipts.begin([a_delivery()], now=NOW)
    assert left(tmp_path) == []
    with Stub(path) as stub:
        gone(receipts)
        assert left(tmp_path) == []
        stub.sign(TAKEN)
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(left, tmp_path, within=60)
            time.sleep(0.1)
            assert not waiting.done()
            os.close(stub._descriptor)
            stub._descriptor = None
            assert len(waiting.result(60)) == 1


def test_where_nothing_can_be_written_messages_go_without(tmp_path, make_sender):
    (tmp_path / FOLDER).write_text("in the way")
    sender = make_sender()
    sender.receipts = Receipts(tmp_path)
    with webhook() as hook:
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)
    assert len(hook.got) == 1


def test_a_message_that_could_not_be_recorded_is_not_sent_again(receipts, make_sender):
    """Neither alone nor in a digest: the sender says again what the service said."""
    sender, deliveries = make_sender(), [replace(a_delivery(title=f"غارة {n}"), id=n) for n in (1, 2)]
    sender.receipts = receipts
    with webhook(status(200)) as hook:
        channel = a_channel(hook.url())
        first = sender.send(channel, deliveries[0])
        again = sender.send(channel, deliveries[0])
        assert len(hook.got) == 1
        assert isinstance(first, Sent)
        assert isinstance(again, Sent)
        assert again.answer == first.answer
        assert isinstance(sender.send_digest(channel, deliveries), Sent)  # not the same message
        assert isinstance(sender.send_digest(channel, deliveries), Sent)
        assert len(hook.got) == 2


def test_a_message_whose_answer_nobody_heard_counts_as_taken_if_its_receipt_says_so(receipts, make_sender):
    class Deaf(Pool):
        """Its process has sent the message, and does not come to say so in time."""

        def ask(self, request, *, seconds):
            sign(request.get("receipt"))
            return Lost("no end in time", sending=True)

    sender = make_sender()
    sender.receipts, sender._pool = receipts, Deaf(clock=SystemClock(), idle=60)
    result = sender.send(a_channel("json://127.0.0.1:9/"), a_delivery())
    assert isinstance(result, Sent)
    assert result.thread == "1718"


BREAKING = """
import os, socket, sys
from monitor.alerts import child, receipts

def broken(descriptor):
    raise OSError("disk quota exceeded")

receipts.os = type("Os", (), {**vars(os), "close": staticmethod(broken)})
child.watch.install()
child.serve(socket.socket(fileno=int(sys.argv[1])), 60.0)
"""


def test_a_file_that_cannot_be_closed_costs_no_answer_and_gives_none_twice(receipts):
    """A second answer to a message would be taken for that to the next, which may have been refused."""
    ours, theirs = socket.socketpair()
    with ours, webhook(status(200), status(500)) as hook:
        path, number = receipts.begin([a_delivery()], now=NOW), theirs.fileno()
        command = [sys.executable, "-c", BREAKING, str(number)]
        with theirs:
            process = subprocess.Popen(command, pass_fds=[number], cwd=ROOT)
        request = {"do": "post", "url": f"http://127.0.0.1:{hook.port}/", "body": "{}", "headers": {}, "receipt": path}
        answers = []
        with process, ours.makefile("rw", encoding="utf-8") as pipe:
            for _ in range(2):
                pipe.write(json.dumps(request) + "\n")
                pipe.flush()
                answers += [json.loads(pipe.readline()) for _ in range(2)]
            process.kill()
    assert [each.get("sent") for each in answers] == [None, True, None, False]


@pytest.mark.parametrize("answer", [status(500), drop])
def test_a_message_that_was_not_taken_is_sent_again(receipts, make_sender, answer):
    sender = make_sender()
    sender.receipts = receipts
    with webhook(answer, status(200)) as hook:
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), NotSent)
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)


# --- a monitor that is killed

KILLED = """
import json, os, sys
from datetime import UTC
from pathlib import Path
from monitor.alerts import zygote
from monitor.alerts.receipts import Receipts
from monitor.alerts.send import AppriseSender
from monitor.clock import SystemClock
from tests.alerts.made import a_channel, a_delivery

state, url, with_receipts, seconds = sys.argv[1:]
long = "from monitor.alerts import child, forking; child.LAST_MESSAGE = forking.LAST_MESSAGES = "
zygote._BOOT = zygote._BOOT.replace("main(float", long + seconds + "; main(float")
sender = AppriseSender(clock=SystemClock(), zone=UTC)
sender.receipts = Receipts(Path(state)) if with_receipts else None
sender.problem(a_channel(url))
print(json.dumps([sender._pool._zygote.pid, *sender._pool.pids]), flush=True)
sender.send(a_channel(url), a_delivery())
"""


def killed_while_it_sends(state: Path, hook: Any, *, receipts: bool = True, seconds: float = 60) -> list[int]:
    """The processes that it leaves behind, which have so many seconds to end what they are sending."""
    told = [str(state), hook.url(), "yes" if receipts else "", str(seconds)]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, *told], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as monitor:
        assert hook.began.wait(60)
        monitor.kill()
        assert monitor.stdout is not None
        return list(json.loads(monitor.stdout.readline()))


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_message_that_was_under_way_arrives_and_is_known_to_have_arrived(tmp_path):
    with webhook(late) as hook:
        processes = killed_while_it_sends(tmp_path, hook)
        assert left(tmp_path) == []
        assert files(tmp_path) == ["1"]
        hook.released.set()
        [found] = left(tmp_path, within=60)
    assert found.is_of(a_delivery())
    assert len(hook.got) == 1
    assert soon(lambda: all(map(is_gone, processes)))


def test_a_message_that_hangs_is_given_up_and_nothing_stays_behind(tmp_path):
    with webhook(hang) as hook:
        processes = killed_while_it_sends(tmp_path, hook, seconds=0.5)
        assert soon(lambda: all(map(is_gone, processes)))
        assert not hook.released.is_set()
        assert left(tmp_path) == []


def test_a_message_without_a_receipt_ends_with_its_monitor(tmp_path):
    """Nobody would know that it has arrived, and the next one would send it at the same time."""
    with webhook(hang) as hook:
        processes = killed_while_it_sends(tmp_path, hook, receipts=False, seconds=3600)
        end = time.monotonic() + 10  # the service is given twice as long
        while not all(map(is_gone, processes)):
            assert time.monotonic() < end
            time.sleep(0.02)


def test_where_all_processes_are_killed_it_is_not_known(tmp_path):
    with webhook(late) as hook:
        zygote, *_ = killed_while_it_sends(tmp_path, hook)
        os.kill(zygote, signal.SIGKILL)
        assert left(tmp_path, within=60) == []
        assert files(tmp_path) == []


def test_a_sender_that_is_closed_leaves_nothing_on_its_way(receipts, make_sender):
    sender: AppriseSender = make_sender()
    sender.receipts = receipts
    with webhook(hang) as stuck, ThreadPoolExecutor(1) as threads:
        pending = threads.submit(sender.send, a_channel(stuck.url()), a_delivery())
        assert stuck.began.wait(30)
        processes = sender._pool.pids
        sender.close()
        assert soon(lambda: all(map(is_gone, processes)))
        assert isinstance(pending.result(timeout=30), NotSent)
