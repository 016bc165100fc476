from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from monitor.alerts.send import AppriseSender
from monitor.model import NotSent, Sent
from tests.alerts.made import a_channel, a_delivery
from tests.alerts.servers import hang, late, status, trickle, webhook


def soon(holds: Callable[[], bool]) -> bool:
    """Within half a minute."""
    return any(holds() or time.sleep(0.02) for _ in range(1500))


def test_a_hanging_channel_holds_up_no_other_channel(make_sender):
    sender = make_sender(turn=0.1)
    with webhook(hang) as stuck, webhook() as healthy, ThreadPoolExecutor(1) as threads:
        hung = threads.submit(sender.send, a_channel(stuck.url(), id="stuck"), a_delivery())
        assert stuck.began.wait(30)
        assert isinstance(sender.send(a_channel(healthy.url(), id="healthy"), a_delivery()), Sent)
        assert not hung.done()
        stuck.released.set()


def test_a_second_message_does_not_queue_for_ever_behind_one_that_hangs(make_sender):
    sender = make_sender(turn=0.1)
    with webhook(hang) as stuck, ThreadPoolExecutor(1) as threads:
        threads.submit(sender.send, a_channel(stuck.url()), a_delivery())
        assert stuck.began.wait(30)
        result = sender.send(a_channel(stuck.url()), a_delivery())
        stuck.released.set()
    assert isinstance(result, NotSent)
    assert (result.detail, result.ambiguous) == ("an earlier message to this channel is still on its way", False)
    assert len(stuck.got) == 1


def test_an_answer_that_trickles_for_ever_is_cut_off_in_time_and_the_message_may_have_arrived(make_sender):
    sender = make_sender()
    with webhook(status(200), trickle, status(200)) as hook:
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)
        sender._bound = 1.5  # only now, when the process is up: its start may be slow
        result = sender.send(a_channel(hook.url()), a_delivery())
        assert isinstance(result, NotSent)
        assert (result.ambiguous, result.permanent) == (True, False)
        assert sender._pool.pids == ()
        sender._bound = 45.0
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)


def test_a_process_that_was_killed_is_a_failure_and_the_next_message_arrives(make_sender):
    sender = make_sender()
    with webhook(hang) as stuck, webhook() as healthy, ThreadPoolExecutor(1) as threads:
        pending = threads.submit(sender.send, a_channel(stuck.url()), a_delivery())
        assert stuck.began.wait(30)
        for pid in sender._pool.pids:
            os.kill(pid, signal.SIGKILL)
        result = pending.result(timeout=30)
        assert isinstance(result, NotSent)
        assert (result.ambiguous, result.permanent) == (True, False)
        assert isinstance(sender.send(a_channel(healthy.url()), a_delivery()), Sent)


def test_a_process_that_died_between_two_messages_is_not_noticed(make_sender):
    sender = make_sender()
    with webhook() as hook:
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)
        [pid] = sender._pool.pids
        os.kill(pid, signal.SIGKILL)
        assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)
    assert len(hook.got) == 2


def test_a_process_ends_when_there_is_nothing_to_do_and_starts_again(make_sender):
    sender = make_sender(idle=0.05)
    with webhook() as hook:
        for _ in range(2):
            assert isinstance(sender.send(a_channel(hook.url()), a_delivery()), Sent)
            assert soon(lambda: sender._pool.pids == ())
    assert len(hook.got) == 2


def test_signals_for_the_whole_group_do_not_reach_a_message_on_its_way(make_sender):
    sender, before = make_sender(), signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with webhook(late) as slow, ThreadPoolExecutor(1) as threads:
        assert sender.problem(a_channel(slow.url())) is None  # starts the process from this thread
        assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before  # which hears what it heard
        pending = threads.submit(sender.send, a_channel(slow.url()), a_delivery())
        assert slow.began.wait(30)
        [pid] = sender._pool.pids
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(pid, number)
        slow.released.set()
        assert isinstance(pending.result(timeout=60), Sent)


def test_closing_ends_what_is_on_its_way(make_sender):
    sender = make_sender()
    with webhook(hang) as stuck, ThreadPoolExecutor(1) as threads:
        pending = threads.submit(sender.send, a_channel(stuck.url()), a_delivery())
        assert stuck.began.wait(30)
        sender.close()
        result = pending.result(timeout=30)
    assert isinstance(result, NotSent)
    assert result.ambiguous
    assert sender._pool.pids == ()


def test_after_closing_nothing_is_sent_and_nothing_runs(make_sender):
    sender = make_sender()
    with webhook() as hook:
        sender.send(a_channel(hook.url()), a_delivery())
        sender.close()
        sender.close()
        result = sender.send(a_channel(hook.url()), a_delivery())
    assert isinstance(result, NotSent)
    assert "shutting down" in result.detail
    assert sender._pool.pids == ()
    assert len(hook.got) == 1


def test_one_process_serves_channel_after_channel(make_sender):
    sender = make_sender()
    with webhook() as one, webhook() as other:
        for hook, id in ((one, "one"), (other, "other"), (one, "one")):
            assert isinstance(sender.send(a_channel(hook.url(), id=id), a_delivery()), Sent)
    assert len(sender._pool.pids) == 1


def test_many_threads_send_each_message_once(sender: AppriseSender):
    with webhook() as hook, ThreadPoolExecutor(6) as threads:
        barrier = threading.Barrier(6)

        def send(number: int) -> object:
            barrier.wait()
            return sender.send(a_channel(hook.url(), id=f"c{number % 3}"), a_delivery(id=f"alert-{number}"))

        results = list(threads.map(send, range(6)))
    assert all(isinstance(result, Sent) for result in results)
    assert sorted(got["message"].rpartition("alert-")[2][0] for got in hook.got) == list("012345")


def test_starting_costs_nothing_of_apprise():
    check = "import sys, monitor.alerts.send; sys.exit(any(name in sys.modules for name in ('apprise', 'requests')))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
