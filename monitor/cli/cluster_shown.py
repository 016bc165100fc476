"""What `monitor cluster status` says, in the language of the rules file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from monitor.alerts.words import Language
from monitor.cli.show import counted
from monitor.cli.status_words import past
from monitor.cluster.overview import Overview
from monitor.cluster.troubles import Found
from monitor.cluster.words import lasting, remedy, what
from monitor.model.workers import Told, WorkerRecord
from monitor.rules.masking import printable

_PLAIN = str.maketrans("", "", "\u2068\u2069")  # isolates are for messages; a terminal may show them as boxes
_DETAILS: Final = 6  # lines of what a worker says of rules that it cannot use

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "fine": "fleet        nothing is wrong",
        "mend": "fleet        to be mended: {count}",
        "notes": "fleet        nothing is to be mended; worth knowing: {count}",
        "workers": "workers      {alive} alive, {gone} gone",
        "worker": "  {id}  {stage}, on {host} (process {pid}) since {since}, version {version}; {rules}",
        "following": "rules {number}",
        "without": "no rules yet",
        "working": "working",
        "draining": "ending its work",
        "gone": "GONE, last sign {when}",
        "now": "    now: {what}",
        "polls": "{batches} with {feeds}",
        "sends": "sends to {channels}",
        "did": "    so far: {polls} polls, {failed} failed; {entries} new entries, {alerts} alerts; {sent} sent",
        "rules": "rules        version {number}, published {when} by {who}; followed by {following} of {alive}",
        "no_rules": "rules        none were published",
        "feeds": (
            "feeds        {due} due{lag}; {leased} leased, {expired} leases ran out; {put_off} wait for their hosts"
        ),
        "lag": ", the first for {lag}",
        "host": "host         {host}: {waiting} wait, the last for {wait}",
        "task": "queue        {task}: {waiting} wait{oldest}, {running} run, {stalled} stalled, {failed} failed",
        "oldest": " (the first for {oldest})",
        "empty": "queue        empty",
        "channel": "channel      {id}: {sender}; {waiting} wait, {retrying} of them tried before, {dead} given up",
        "sender": "{worker} sends",
        "nobody": "nobody sends",
        "database": "database     PostgreSQL {version}, {connections} of {most} connections, {replication}",
        "none": "no second copy",
        "asynchronous": "a second copy that may lag behind",
        "synchronous": "a second copy in step",
        "hidden": "second copies that this user may not see",
    },
    "ar": {
        "fine": "الأسطول: لا شيء يحتاج إلى إصلاح",
        "mend": "الأسطول: ما ينبغي إصلاحه {count}",
        "notes": "الأسطول: لا شيء يحتاج إلى إصلاح، وما يحسن العلم به {count}",
        "workers": "العمّال: يعمل {alive}، وانقطع {gone}",
        "worker": "  {id}: {stage}، على {host} (العملية {pid}) منذ {since}، وبرنامجه {version}؛ {rules}",
        "following": "إصدار القواعد {number}",
        "without": "بلا قواعد بعد",
        "working": "يعمل",
        "draining": "ينهي عمله",
        "gone": "انقطع، وآخر إشارة منه {when}",
        "now": "    الآن: {what}",
        "polls": "دفعات {batches}، وفيها خلاصات {feeds}",
        "sends": "يرسل إلى {channels}",
        "did": "    حتى الآن: قراءات {polls}، تعذّر منها {failed}؛ أخبار جديدة {entries}، تنبيهات {alerts}؛ أُرسل {sent}",
        "rules": "القواعد: الإصدار {number}، نشره {who} {when}؛ يعمل به {following} من {alive}",
        "no_rules": "القواعد: لم تُنشر بعد",
        "feeds": (
            "الخلاصات: حان موعد {due}{lag}؛ قيد القراءة {leased}، وانقضت مهلة {expired}؛ وينتظر دور موقعه {put_off}"
        ),
        "lag": "، أولها منذ {lag}",
        "host": "الموقع {host}: ينتظره {waiting}، وآخرها بعد {wait}",
        "task": "الطابور، {task}: ينتظر {waiting}{oldest}، ويجري {running}، وتعثّر {stalled}، وفشل {failed}",
        "oldest": " (أولها منذ {oldest})",
        "empty": "الطابور: خالٍ",
        "channel": "القناة {id}: {sender}؛ ينتظر {waiting}، جُرّب منها {retrying}، وتعذّر إرسال {dead}",
        "sender": "يرسل إليها {worker}",
        "nobody": "لا أحد يرسل إليها الآن",
        "database": "قاعدة البيانات: PostgreSQL {version}، الاتصالات {connections} من {most}، {replication}",
        "none": "بلا نسخة ثانية",
        "asynchronous": "ولها نسخة ثانية قد تتأخر عنها",
        "synchronous": "ولها نسخة ثانية لا تتأخر عنها",
        "hidden": "ولها نسخ لا يحق لهذا المستخدم أن يرى حالها",
    },
}


def lines(fleet: Overview, troubles: Sequence[Found], language: Language) -> Iterator[str]:
    yield from _troubles(troubles, language)
    yield from _workers(fleet, language)
    yield from _rules(fleet, language)
    yield from _feeds(fleet, language)
    yield from _queue(fleet, language)
    yield from _channels(fleet, language)
    server, say = fleet.server, _WORDS[language]
    yield say["database"].format(
        version=printable(server.version),
        connections=server.connections,
        most=server.connections_most,
        replication=say[server.replication],
    )


def _troubles(troubles: Sequence[Found], language: Language) -> Iterator[str]:
    grave = sum(each.kind.is_grave for each in troubles)
    key = "mend" if grave else "notes" if troubles else "fine"
    yield _WORDS[language][key].format(count=grave or len(troubles))
    for each in troubles:
        yield f"  - {printable(what(each, language).translate(_PLAIN))}"
        for line in each.detail.splitlines()[:_DETAILS]:
            yield f"      {printable(line)}"
        yield f"    {remedy(each, language).translate(_PLAIN)}"


def _workers(fleet: Overview, language: Language) -> Iterator[str]:
    yield _WORDS[language]["workers"].format(alive=len(fleet.alive), gone=len(fleet.gone))
    for each in fleet.workers:
        yield from _worker(each, fleet.at, language)


def _worker(record: WorkerRecord, now: datetime, language: Language) -> Iterator[str]:
    say, worker, told = partial(_said, language), record.worker, record.worker.told
    number = worker.rules_number
    yield say(
        "worker",
        id=printable(worker.id),
        stage=say("gone", when=past(record.beat_at, now, language)) if record.is_gone else say(worker.stage),
        host=printable(worker.host),
        pid=worker.pid,
        since=f"{worker.began_at:%Y-%m-%d %H:%M}Z",
        version=printable(worker.version),
        rules=say("following", number=number) if number is not None else say("without"),
    )
    if record.is_gone:
        return
    under_way = list(_under_way(told, language))
    if under_way:
        yield say("now", what=_joined(under_way, language))
    yield say(
        "did",
        polls=f"{sum(told.polls.values()):,}",
        failed=f"{told.polls.get('failed', 0):,}",
        entries=f"{told.entries:,}",
        alerts=f"{told.alerts:,}",
        sent=f"{told.deliveries.get('sent', 0):,}",
    )


def _under_way(told: Told, language: Language) -> Iterator[str]:
    if told.batches and language == "en":
        batches, feeds = counted(told.batches, "batch", "batches"), counted(told.feeds, "feed", "feeds")
        yield _said(language, "polls", batches=batches, feeds=feeds)
    elif told.batches:
        yield _said(language, "polls", batches=told.batches, feeds=told.feeds)
    if told.channels:
        yield _said(language, "sends", channels=_joined(told.channels, language))


def _rules(fleet: Overview, language: Language) -> Iterator[str]:
    if fleet.rules is None:
        yield _said(language, "no_rules")
        return
    yield _said(
        language,
        "rules",
        number=fleet.rules.number,
        when=past(fleet.rules.published_at, fleet.at, language),
        who=printable(fleet.rules.published_by),
        following=fleet.following,
        alive=len(fleet.alive),
    )


def _feeds(fleet: Overview, language: Language) -> Iterator[str]:
    feeds = fleet.feeds
    yield _said(
        language,
        "feeds",
        due=f"{feeds.due:,}",
        lag=_said(language, "lag", lag=lasting(feeds.lag, language)) if feeds.due else "",
        leased=f"{feeds.leased:,}",
        expired=f"{feeds.expired:,}",
        put_off=f"{feeds.put_off:,}",
    )
    for each in feeds.crowds:
        wait = lasting(each.wait, language)
        yield _said(language, "host", host=printable(each.host), waiting=f"{each.waiting:,}", wait=wait)


def _queue(fleet: Overview, language: Language) -> Iterator[str]:
    if not fleet.tasks:
        yield _said(language, "empty")
    for each in fleet.tasks:
        yield _said(
            language,
            "task",
            task=printable(each.task),
            waiting=each.waiting,
            oldest=_oldest(each.oldest, language),
            running=each.running,
            stalled=each.stalled,
            failed=each.failed,
        )


def _oldest(oldest: timedelta | None, language: Language) -> str:
    return "" if oldest is None else _said(language, "oldest", oldest=lasting(oldest, language))


def _channels(fleet: Overview, language: Language) -> Iterator[str]:
    for channel, worker, owed in fleet.channels:
        yield _said(
            language,
            "channel",
            id=printable(channel),
            sender=_said(language, "nobody") if worker is None else _said(language, "sender", worker=printable(worker)),
            waiting=owed.pending + owed.retrying,
            retrying=owed.retrying,
            dead=owed.dead,
        )


def _said(language: Language, key: str, **told: object) -> str:
    return _WORDS[language][key].format(**told)


def _joined(names: Iterable[str], language: Language) -> str:
    return ("، " if language == "ar" else ", ").join(map(printable, names))
