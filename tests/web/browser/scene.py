"""A monitor that has seen three days of news: the state that pages are looked at over. Made by the real pipeline,
matcher, readers and store; only time, network and services are made up. Every sentence and every newsroom is invented.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from monitor import config as configuration
from monitor.feeds.rhythm import learned
from monitor.lookout import Lookout
from monitor.model import Channel, Delivery, FetchFailure, MuteKind, NotSent, SendResult, Sent
from monitor.operations import Operations
from monitor.prepared import compile_setup
from monitor.store import Reader, back_up, open_store, place
from monitor.store.feedback_rows import Feedback, Opinion, Said
from monitor.store.mute_rows import Mutes
from monitor.store.trouble_rows import TroubleRows
from monitor.store.wish_rows import Wishes
from tests.world import NOW, FakeClock, FakeSender, PlainParser, World, item, rss

RULES = """\
version: 1
timezone: Asia/Damascus
language: both
defaults: {every: 5m, throttle: 0s}
feeds:
  - {id: difaf, name: شبكة الضفاف, url: https://difaf.example/rss, source: difaf, language: ar, tags: [syria]}
  - {id: manara, name: منارة الجزيرة, url: https://manara.example/rss, source: manara, language: ar}
  - {id: harbour, name: Harbour Desk, url: https://harbour.example/feed, source: harbour, language: en}
  - {id: kopru, name: Köprü Haber, url: https://kopru.example/rss, source: kopru, language: tr}
  - {id: sanabil, name: صوت السنابل, url: https://sanabil.example/rss, source: sanabil, language: ar}
  - {id: archive, name: The Old Quay, url: https://quay.example/feed, source: quay, language: en}
rules:
  - id: medical-hit
    title: {ar: استهداف منشأة طبية, en: Medical facility hit}
    description: A hospital or clinic that was fired at, wherever it stands.
    severity: critical
    all:
      - [مشفى, مستشفى, عيادة, hospital, clinic]
      - [قصف, غارة, استهداف, shelling, air strike]
    near: 12 words
    none: [ذكرى, drill]
    notify: [desk, phone]
    tests:
      - match: قصف مدفعي يصيب مشفى البلدة
      - no_match: افتتاح مشفى جديد في المدينة
        because: nobody attacks it
  - id: air-strikes
    title: {ar: غارات جوية, en: Air strikes}
    severity: high
    any: [غارة, غارات, air strike, hava saldırısı]
    notify: [desk, mail]
    tests:
      - match: غارة جوية على أطراف البلدة
  - id: clashes
    title: {ar: اشتباكات, en: Clashes}
    severity: medium
    any: [اشتباك, اشتباكات, clashes, çatışma]
    notify: [desk]
  - id: crossings
    title: {ar: المعابر, en: Border crossings}
    severity: low
    all:
      - [معبر, crossing]
      - [إغلاق, افتتاح, closed, reopened]
    notify: [desk]
  - id: water-and-power
    title: {ar: الماء والكهرباء, en: Water and power}
    severity: info
    any: [انقطاع المياه, محطة المياه, power cut]
  - id: never-met
    title: {ar: الزلازل, en: Earthquakes}
    severity: low
    any: [زلزال, earthquake]
channels:
  desk: {url: "json://desk.example", language: ar}
  phone: {url: "json://phone.example", language: en}
  mail: {url: "json://mail.example", language: both}
  ops: {url: "json://ops.example", for: operations}
"""

# When (hours before the end), which feed, the number that makes guid and link, headline, summary. The same number again
# is an edit.
_NEWS = (
    (70, "difaf", 1, "غارة جوية على أطراف دير الزور تصيب مستودعا للحبوب", "شهود: دخان كثيف فوق الحي الشرقي."),
    (69, "harbour", 2, "Air strike hits grain store on the edge of Deir ez-Zor", "Residents saw smoke at dawn."),
    (68, "difaf", 1, "غارة جوية على أطراف دير الزور تقتل 4 عمال في مستودع للحبوب", "شهود: دخان كثيف فوق الحي الشرقي."),
    (50, "manara", 3, "اشتباكات متقطعة على طريق الحسكة منذ الفجر", "لم ترد أنباء عن ضحايا."),
    (47, "kopru", 4, "Haseke yolunda sabaha karşı çatışma çıktı", "Yol trafiğe kapatıldı."),
    (46, "harbour", 5, "Al-Rai crossing closed until further notice", "Lorries wait on both sides (40 km)."),
    (30, "manara", 6, "انقطاع المياه عن ثلاثة أحياء في الرقة بعد عطل", "الورش تعمل على الإصلاح."),
    (26, "difaf", 7, "إغلاق معبر البوكمال أمام الشاحنات", ""),
    (25, "difaf", 8, "وزارة الزراعة تعلن موعد موسم القطاف", "خبر لا تطلبه أي قاعدة."),
    (6, "manara", 9, "قصف مدفعي يستهدف مشفى في ريف إدلب ويوقع 3 قتلى و7 جرحى", "مصدر طبي: قسم الإسعاف خرج عن الخدمة."),
    (5, "difaf", 10, "قتلى وجرحى بقصف مدفعي على مشفى في ريف إدلب", "عن منارة الجزيرة."),
    (5, "harbour", 11, "Shelling hits hospital in rural Idlib, at least 3 killed", "A doctor said the ward was full."),
    (4, "manara", 9, "قصف مدفعي يستهدف مشفى في ريف إدلب ويوقع 6 قتلى و7 جرحى", "مصدر طبي: قسم الإسعاف خرج عن الخدمة."),
    (2, "kopru", 12, "Kamışlı kırsalında hava saldırısı: bir araç vuruldu", ""),
    (1, "harbour", 13, "Clashes <reported> near the Omar field; \"heavy\" fire & smoke", "No side has commented."),
)  # fmt: skip
_FAILING = {"sanabil": FetchFailure.TIMEOUT, "archive": FetchFailure.STATUS}
LASTED = timedelta(hours=72)


class PageClock(FakeClock):
    """Says the same time until told; but what it measures goes on."""

    def monotonic(self) -> float:
        return monotonic()


class Services(FakeSender):
    """Of the channels, `phone` is not to be reached and `mail` refuses for good."""

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        if channel.id == "phone":
            return NotSent(detail="503 Service Unavailable: try later <b>", failed_at=self.clock.now())
        if channel.id == "mail":
            detail = "550 no such mailbox: newsroom@mail.example"
            return NotSent(detail=detail, permanent=True, failed_at=self.clock.now())
        self.sent.append(delivery)
        return Sent(sent_at=self.clock.now(), answer="accepted as 4711")


@dataclass
class Scene:
    """`rules` is a file, `state` a directory. `world` goes on with it: `tell` brings more news."""

    rules: Path
    state: Path
    world: World
    shown: dict[str, list[str]]

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def tell(self, feed_id: str, title: str, *, n: int, summary: str = "") -> list[str]:
        """One more entry, a minute later; the titles that were alerted for it."""
        pages = self.shown.setdefault(feed_id, [])
        pages.append(item(title, n=n, at=self.now, summary=summary, link=f"https://{feed_id}.example/{n}"))
        return self.world.poll(*pages[-20:], feed_id=feed_id)

    def copy(self, folder: Path) -> Scene:
        """Another one that begins where this one is. `close` it."""
        rules, state = folder / "rules.yaml", folder / "state"
        shutil.copyfile(self.rules, rules)
        state.mkdir()
        back_up(self.world.store, state / place.DATABASE)
        clock = PageClock(self.now)
        world = World(store=open_store(state, now=self.now), clock=clock, services=Services)
        world.setup = self.world.setup
        return Scene(rules, state, world, {feed_id: [*shown] for feed_id, shown in self.shown.items()})

    def close(self) -> None:
        self.world.store.close()


def make(folder: Path) -> Scene:
    """`close` it."""
    scene = bare(folder)
    world = scene.world
    end = scene.now + LASTED
    for feed_id in world.setup.feeds:
        world.poll_page(_FAILING.get(feed_id) or rss(), feed_id=feed_id)
    for hours, feed_id, number, title, summary in _NEWS:
        world.clock.advance(end - timedelta(hours=hours) - scene.now)
        _publish(scene, feed_id, number, title, summary)
        for failing in _FAILING:
            world.poll_page(_FAILING[failing], feed_id=failing)
        world.deliver()
    world.clock.advance(end - scene.now)
    _watch(scene, "difaf")
    _react(scene)
    scene.tell("kopru", "Sınırda hava saldırısı söylentisi", n=14)  # muted by now
    return scene


def bare(folder: Path, parser: PlainParser | None = None, *, written: str = RULES) -> Scene:
    """Before anything was polled. `close` it."""
    rules, state = folder / "rules.yaml", folder / "state"
    rules.write_text(written, encoding="utf-8")
    config = configuration.load(rules, environ={})
    world = World(store=open_store(state, now=NOW), clock=PageClock(), services=Services, parser=parser)
    world.setup = compile_setup(config, world.sender)
    return Scene(rules, state, world, {})


def _publish(scene: Scene, feed_id: str, number: int, title: str, summary: str) -> None:
    mark = f'<guid isPermaLink="false">g{number}</guid>'
    scene.shown[feed_id] = [each for each in scene.shown.get(feed_id, []) if mark not in each]
    scene.tell(feed_id, title, n=number, summary=summary)


def _watch(scene: Scene, feed_id: str) -> None:
    """As if it had been asked every hour: polls as far apart as those of the scene tell of no rhythm."""
    state = next(each for each in Reader(scene.world.store.database).feeds() if each.feed_id == feed_id)
    known = state.rhythm
    for hour in range(48):
        at = scene.now - timedelta(hours=48 - hour)
        known = learned(known, since=at, until=at + timedelta(hours=1), new=hour % 3)
    with scene.world.store.ingest() as tx:
        tx.feed_state(replace(state, rhythm=known))


def _react(scene: Scene) -> None:
    """What people and the monitor itself have said of it."""
    world, now = scene.world, scene.now
    database = world.store.database
    alerts = [delivery.alert for delivery in world.sender.sent]
    wishes, feedback = Wishes(database), Feedback(database)
    wishes.acknowledge(alerts[0].id, by="سلمى", now=now)
    feedback.say(
        Said(alert_id=alerts[0].id, rule_id=alerts[0].rule_id, opinion=Opinion.MATCH, note="", by="سلمى", at=now)
    )
    wrong = next(each for each in alerts if each.rule_id == "clashes")
    note = "a street quarrel, no fighting"
    feedback.say(Said(alert_id=wrong.id, rule_id="clashes", opinion=Opinion.WRONG, note=note, by="Omar", at=now))
    mutes = Mutes(database)
    until = now + timedelta(hours=6)
    mutes.begin(
        MuteKind.RULE, "crossings", until=until, reason="known closure", by="Omar", now=now, within=lambda _: ()
    )
    mutes.begin(MuteKind.SOURCE, "kopru", until=until, reason="ترجمة آلية", by="سلمى", now=now, within=lambda _: ())
    operations = Operations(world.sender, clock=world.clock, memory=TroubleRows(database))
    config = configuration.load(scene.rules, environ={})
    lookout = Lookout(store=world.store, sender=world.sender, operations=operations, clock=world.clock)
    lookout.look(config, world.setup.rules)
    operations.close()
