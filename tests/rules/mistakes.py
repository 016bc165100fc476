"""Mistakes that people make in rules files, each beside what they are told: where, which code, and words of what is
said and of the remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    name: str
    text: str
    told: str  # line:column code
    what: str
    remedy: str
    level: str = "error"


def rule(*lines: str, id_: str = "dez") -> str:
    """A file with one rule: line 1 the version, 2 `rules:`, 3 the id, 4 and on these lines."""
    return "version: 1\nrules:\n" + f"  - id: {id_}\n" + "".join(f"    {line}\n" for line in lines)


GOOD = ("all:", "  - مطار", "  - event: clash")


PIN = "sha256//" + "A" * 43 + "="


def item(written: str) -> str:
    """One item under `all`, on line 5; it begins in column 9."""
    return rule("all:", f"  - {written}")


def feed(*lines: str) -> str:
    """A good rule, and one feed whose first line is line 7, column 5."""
    first, *others = lines
    return rule(*GOOD) + "feeds:\n" + f"  - {first}\n" + "".join(f"    {line}\n" for line in others)


def newsroom(written: str) -> str:
    """A good rule, and the newsroom `gazette` on line 8."""
    return rule(*GOOD) + f"sources:\n  gazette: {written}\n"


def quiet(written: str) -> str:
    """A channel with these quiet hours: they begin in line 8, column 39."""
    return channel(f'{{url: "${{DESK}}", quiet_hours: {written}}}')


def channel(written: str) -> str:
    """A good rule, and the channel `desk` on line 8."""
    return rule(*GOOD) + f"channels:\n  desk: {written}\n"


YAML = [
    Mistake("a tab in the indentation", rule("all:", "\t- مطار"), "5:5 R101", "tab", "two for each tab"),
    Mistake(
        "a whole line indented with tabs", "version: 1\nrules:\n\t- {id: x, all: [مطار]}\n", "3:1 R101", "tab", "spaces"
    ),
    Mistake(
        "a mark in the indentation",
        "version: 1\n\u200frules:\n  - {id: x, all: [مطار]}\n",
        "2:1 R102",
        "RIGHT-TO-LEFT MARK",
        "delete",
    ),
    Mistake("a zero width space in a word", item("مط\u200bار"), "5:11 R102", "ZERO WIDTH SPACE", "never be found"),
    Mistake("an override in a title", rule("title: خبر\u202e", *GOOD), "4:15 R102", "RIGHT-TO-LEFT OVERRIDE", "delete"),
    Mistake("a no-break space", item("مطار\u00a0دمشق"), "5:13 R102", "NO-BREAK SPACE", "ordinary space"),
    Mistake("a mark inside quotes", item('"\u200eمطار"'), "5:9 R102", "LEFT-TO-RIGHT MARK", "delete"),
    Mistake("a control character", item("مطار\x07"), "5:13 R102", "U+0007", "type the line anew"),
    Mistake("a line separator", item("مطار\u2028دمشق"), "5:13 R102", "LINE SEPARATOR", "type the line anew"),
    Mistake("a value with @", rule("owner: @desk", *GOOD), "4:12 R103", "'@'", 'put it in quotes: "@desk"'),
    Mistake("a value with a backtick", rule("owner: `x`", *GOOD), "4:12 R103", "'`'", "quotes"),
    Mistake("a value with a per cent sign", item("%50"), "5:9 R103", "'%'", "quotes"),
    Mistake("a reference without quotes", channel("{url: ${DESK}}"), "8:15 R103", "${…}", '"${NAME}"'),
    Mistake("a wrong escape", rule('title: "a\\q"', *GOOD), "4:", "backslash", "single quotes"),
    Mistake(
        "a second colon", rule("title: عاجل: اشتباكات", *GOOD), "4:16 R104", "second ':'", 'title: "عاجل: اشتباكات"'
    ),
    Mistake("curly quotes around a colon", rule("title: “عاجل: خبر”", *GOOD), "4:17 R104", "second ':'", '"عاجل: خبر"'),
    Mistake("the same setting twice", rule(*GOOD, "all: [x]"), "7:5 R105", "(first on line 4)", "one list"),
    Mistake("the same section twice", rule(*GOOD) + "version: 1\n", "7:1 R105", "'version'", "keep one"),
    Mistake("a list not closed", rule("all: [مطار, مدرج", "near: sentence"), "4:10 R106", "not closed", "']'"),
    Mistake("a quotation mark not closed", rule('title: "عاجل', *GOOD), "4:12 R106", "never closed", "close it"),
    Mistake("text behind the quotes", item('"حزب" الله'), "5:15 R106", "closing quotation mark", "around the whole"),
    Mistake("an apostrophe in single quotes", item("'don't'"), "5:14 R106", "closing quotation mark", "twice"),
    Mistake("a file cut off in a list", rule("all:", "  - [مطار, مد"), "5:9 R106", "not closed", "']'"),
    Mistake("an empty file", "", "1:1 R107", "empty", "version: 1"),
    Mistake("all commented out", "# version: 1\n# rules:\n", "1:1 R107", "commented out", "rules:"),
    Mistake("a document of nothing", "---\n", "1:1 R107", "empty", "version: 1"),
    Mistake("too deep", "version: 1\nrules: " + "[" * 30 + "]" * 30 + "\n", "2:27 R108", "20", "flatter"),
    Mistake(
        "far too deep",
        "version: 1\nrules: " + "[" * 3000 + "]" * 3000 + "\n",
        "2:",
        "more than 20 blocks and lists",
        "flatter",
    ),
    Mistake("an anchor", item("&x مطار"), "5:9 R109", "anchor", "groups"),
    Mistake("an anchor in Arabic", item("&كلمة مطار"), "5:9 R109", "anchor", "quotes"),
    Mistake("an alias", item("*bomb"), "5:9 R109", "alias", "{starts: word}"),
    Mistake("a star before an Arabic word", item("*مسيرة"), "5:9 R109", "alias", "{starts: word}"),
    Mistake("a merge key", rule("<<: {severity: low}", *GOOD), "4:5 R109", "merge key", "defaults"),
    Mistake("a merge key in quotes", rule("'<<': {severity: low}", *GOOD), "4:5 R109", "merge key", "defaults"),
    Mistake("a tag", item("!!python/name:os.system مطار"), "5:9 R109", "tag", "quotes"),
    Mistake("an exclamation mark", item("!عاجل مطار"), "5:9 R109", "'!'", "quotes"),
    Mistake("a second document", rule(*GOOD) + "---\nversion: 1\n", "7:1 R110", "second document", "include"),
    Mistake(
        "a dash missing",
        rule("all:", "  - مطار", "  مدرج: x"),
        "6:7 R113",
        "does not fit into the block",
        "same column",
    ),
    Mistake("too little indentation", rule("all:", "- مطار", " near: title"), "6:6 R113", "does not fit", "same block"),
    Mistake("too much indentation", rule("severity: low", "  near: title"), "5:7 R113", "line above", "indent"),
    Mistake("no colon", rule("title x", *GOOD), "4:5 R113", "no 'name: value'", "':' or a '- ' missing"),
    Mistake("a bare word", rule(*GOOD) + "channels\n", "7:1 R106", "cut off", "complete the line"),
    Mistake(
        "a list on the line of its name", rule("all: - مطار"), "4:10 R113", "cannot begin on this line", "next line"
    ),
    Mistake("a word over two lines", rule("all:", "  - مطار", "    مدرج"), "5:9 R116", "several lines", "'- ' missing"),
    Mistake("not settings", "- مطار\n", "1:1 R207", "no settings", "version: 1"),
    Mistake("only a text", "مطار\n", "1:1 R207", "no settings", "version: 1"),
    Mistake("a list as a name", "version: 1\n? [a]\n: b\n", "2:3 R207", "name of a setting", "plain word"),
]

SHAPE = [
    Mistake("a misspelt setting", rule("nearr: 15 words", *GOOD), "4:5 R201", "'nearr'", "did you mean 'near'?"),
    Mistake("a setting out of habit", rule("cooldown: 5m", *GOOD), "4:5 R201", "'cooldown'", "'throttle'"),
    Mistake("another habit", rule("exclude: [x]", *GOOD), "4:5 R201", "'exclude'", "'none'"),
    Mistake("an Arabic setting", rule("خطورة: حرج", *GOOD), "4:5 R201", "'خطورة'", "did you mean 'severity'?"),
    Mistake("an item as a setting of the rule", rule("place: idlib", *GOOD), "4:5 R201", "'place'", "under 'all'"),
    Mistake(
        "a place without a name", rule(*GOOD) + "places:\n  hill: {within: syria}\n", "8:3 R208", "no name", "spellings"
    ),
    Mistake("an unknown section", rule(*GOOD) + "rule: []\n", "7:1 R201", "'rule'", "'rules'"),
    Mistake("a colon inside an item", item("عاجل: خبر"), "5:9 R201", "no kind of item", "in quotes"),
    Mistake(
        "a second place in the block",
        item("{place: idlib, syria}"),
        "5:24 R201",
        "'syria'",
        "several are a list: {place: [idlib, syria]}",
    ),
    Mistake("an unknown kind of item", item("{plcae: idlib}"), "5:10 R201", "'plcae'", "'place'"),
    Mistake(
        "two kinds in one item",
        item("{place: idlib, event: clash}"),
        "5:24 R201",
        "both 'place' and 'event'",
        "two items",
    ),
    Mistake("none inside a list", item("{none: [x]}"), "5:10 R201", "'none'", "the rule's own"),
    Mistake("a feed's setting at a rule", rule(*GOOD, "full_text: true"), "7:5 R201", "'full_text'", "settings here"),
    Mistake("fewer sources than one", rule(*GOOD, "min_sources: 0"), "7:18 R207", "whole number", "1 or more"),
    Mistake("half an escalation", rule(*GOOD, "escalate: {sources: 3, within: 2h}"), "7:15 R208", "'to'", "to: …"),
    Mistake("a chain without channels", rule(*GOOD, "acknowledge: {within: 15m}"), "7:18 R208", "'then'", "then: …"),
    Mistake(
        "a chain of no time",
        rule(*GOOD, "acknowledge: {within: 0s, then: console}"),
        "7:27 R204",
        "too short",
        "1m or more",
    ),
    Mistake(
        "a chain to a channel that is not there",
        rule(*GOOD, "acknowledge: {within: 15m, then: [consol]}"),
        "7:39 R310",
        "no channel 'consol'",
        "did you mean 'console'?",
    ),
    Mistake(
        "a chain to who is told at once",
        rule(*GOOD, "notify: console", "acknowledge: {within: 15m, then: [console]}"),
        "8:39 R209",
        "told at once already",
        "another channel",
    ),
    Mistake(
        "a chain with a channel twice",
        rule(*GOOD, "acknowledge: {within: 15m, then: [console, console]}"),
        "7:48 R209",
        "twice under 'then'",
        "each channel once",
    ),
    Mistake(
        "a chain with a setting of another name",
        rule(*GOOD, "acknowledge: {within: 15m, after: 15m, then: [console]}"),
        "7:32 R201",
        "'after'",
        "then, within",
    ),
    Mistake(
        "an escalation by one source",
        rule(*GOOD, "escalate: {sources: 1, within: 2h, to: high}"),
        "7:25 R207",
        "whole number",
        "2 or more",
    ),
    Mistake(
        "an escalation with a setting of another name",
        rule(*GOOD, "escalate: {sources: 2, within: 2h, severity: high, to: high}"),
        "7:40 R201",
        "'severity'",
        "sources, to, within",
    ),
    Mistake(
        "an escalation that raises nothing",
        rule(*GOOD, "severity: high", "escalate: {sources: 3, within: 2h, to: medium}"),
        "8:15 R206",
        "is 'high' already",
        "a higher severity",
    ),
    Mistake("a number of killed that is none", rule(*GOOD, "killed: many"), "7:13 R209", "not a number", "in quotes"),
    Mistake("a number that every text meets", rule(*GOOD, 'killed: ">=0"'), "7:13 R209", "asks nothing", '">=1"'),
    Mistake("fewer than none", rule(*GOOD, 'wounded: "<0"'), "7:14 R209", "less than none", '"=0"'),
    Mistake("a comparison without quotes", rule("killed: >=5", *GOOD), "4:13 R103", "'>'", '">=5"'),
    Mistake(
        "a weight that counts for nothing",
        item("{word: مطار, weight: 3}"),
        "5:22 R209",
        "counts for nothing",
        "'min_score'",
    ),
    Mistake(
        "a weight in a group",
        rule(*GOOD) + "groups:\n  g: [[{name: مطار, weight: 3}]]\n",
        "8:21 R209",
        "counts for nothing",
        "remove",
    ),
    Mistake(
        "a weight deep in a scored box",
        rule("any:", "  - {title: [{word: مطار, weight: 3}], weight: 2}", "min_score: 2"),
        "5:31 R209",
        "counts for nothing",
        "remove",
    ),
    Mistake(
        "a weight too high",
        rule("any:", "  - {word: مطار, weight: 101}", "min_score: 2"),
        "5:30 R209",
        "too high",
        "1 to 100",
    ),
    Mistake(
        "a weight of nothing",
        rule("any:", "  - {word: مطار, weight: 0}", "min_score: 1"),
        "5:30 R207",
        "whole number",
        "1 or more",
    ),
    Mistake(
        "a score out of reach",
        rule("any: [مطار, {word: جسر, weight: 3}]", "min_score: 5"),
        "5:5 R206",
        "all items of 'any' together have 4",
        "lower",
    ),
    Mistake(
        "a score out of reach in a box", item("{any: [مطار, جسر], min_score: 3}"), "5:28 R206", "have 2", "'weight'"
    ),
    Mistake(
        "a score beside a number",
        rule("any: [مطار, جسر]", "min_score: 2", "at_least: 2"),
        "5:5 R209",
        "cannot stand together",
        "keep one",
    ),
    Mistake("a score of nothing", rule(*GOOD, "min_score: 2"), "7:5 R209", "there is none", "add 'any:'"),
    Mistake("an unknown kind of rule", rule("kind: story", *GOOD), "4:11 R209", "'story'", "volume or silence"),
    Mistake("a volume of nothing", rule("kind: volume", "within: 1h", *GOOD), "4:5 R208", "'surge'", "5 stories"),
    Mistake("a volume in no time", rule("kind: volume", "count: 5", *GOOD), "4:5 R208", "'within'", "within: 1h"),
    Mistake(
        "a volume of both",
        rule("kind: volume", "count: 5 stories", "surge: 3x", "within: 1h", *GOOD),
        "6:5 R209",
        "either 'count' or 'surge'",
        "two rules",
    ),
    Mistake(
        "a volume of one", rule("kind: volume", "count: 1 story", "within: 1h", *GOOD), "5:12 R209", "'1 story'", "2"
    ),
    Mistake("a surge of once", rule("kind: volume", "surge: 1x", "within: 1h", *GOOD), "5:12 R209", "'1x'", "3x"),
    Mistake("a count without its kind", rule("count: 5 stories", *GOOD), "4:5 R209", "'count'", "kind: volume"),
    Mistake("a silence without an end", rule("kind: silence", "for: 6h", *GOOD), "4:5 R208", "'feeds'", "ids"),
    Mistake(
        "voices of a volume",
        rule("kind: volume", "count: 5", "within: 1h", "min_sources: 2", *GOOD),
        "7:5 R209",
        "'min_sources' means nothing",
        "another rule",
    ),
    Mistake(
        "a test of a silence of feeds",
        feed("url: https://a.example/x", "id: a").replace(
            "feeds:", "  - id: quiet\n    kind: silence\n    feeds: a\n    for: 6h\n    tests: [match: خبر]\nfeeds:"
        ),
        "11:5 R209",
        "'tests'",
        "'all:' or 'any:'",
    ),
    Mistake(
        "no time to stand for others",
        rule("tags: truce", 'inhibit: {rules: "tag:truce"}', *GOOD),
        "5:14 R208",
        "'for'",
        "for",
    ),
    Mistake("an unknown rule", rule("inhibit: {rules: dex, for: 1h}", *GOOD), "4:22 R326", "'dex'", "'dez'"),
    Mistake(
        "a tag of no rule",
        rule("tags: truce", 'inhibit: {rules: "tag:truc", for: 1h}', *GOOD),
        "5:22 R326",
        "'truc'",
        "truce",
    ),
    Mistake(
        "a tag for a rule",
        rule("tags: truce", "inhibit: {rules: truce, for: 1h}", *GOOD),
        "5:22 R326",
        "'truce'",
        "tag:truce",
    ),
    Mistake(
        "a rule against itself", rule("inhibit: {rules: dez, for: 1h}", *GOOD), "4:22 R313", "itself quiet", "other"
    ),
    Mistake(
        "another thing in common",
        rule("tags: truce", 'inhibit: {rules: "tag:truce", for: 1h, same: city}', *GOOD),
        "5:50 R209",
        "'city'",
        "country",
    ),
    Mistake("quiet hours without an end", quiet('{from: "22:00"}'), "8:39 R208", "'to'", "to:"),
    Mistake("quiet hours in one text", quiet("22-06"), "8:39 R207", "block of settings", "from, to"),
    Mistake("quiet hours at no time", quiet('{from: 10pm, to: "06:00"}'), "8:46 R209", "10pm", "22:00"),
    Mistake("quiet hours all day", quiet('{from: "22:00", to: "22:00"}'), "8:39 R209", "end when", "digest"),
    Mistake(
        "a misspelt quiet hour",
        quiet('{from: "22:00", to: "06:00", let_in: high}'),
        "8:68 R201",
        "let_in",
        "let_through",
    ),
    Mistake(
        "quiet operations",
        channel('{url: "${DESK}", for: operations, digest: hourly}'),
        "8:9 R209",
        "does not wait",
        "remove 'digest'",
    ),
    Mistake("a digest at no hour", rule("digest: daily", *GOOD), "4:13 R209", "when a digest", "daily 07:00"),
    Mistake(
        "a digest on no day", rule("digest: weekly 07:00", *GOOD), "4:13 R209", "when a digest", "weekly mon 07:00"
    ),
    Mistake("a digest in no rhythm", rule("digest: often", *GOOD), "4:13 R209", "'often'", "hourly, daily 07:00"),
    Mistake(
        "a channel nowhere",
        channel('{url: "${DESK}", timezone: Asia/Bagdad}'),
        "8:36 R209",
        "time zone",
        "Asia/Baghdad",
    ),
    Mistake(
        "articles that are a text",
        feed("url: https://a.example/x", "full_text: yes"),
        "9:16 R207",
        "neither true nor false",
        "write true",
    ),
    Mistake(
        "articles by another name",
        feed("url: https://a.example/x", "fulltext: true"),
        "9:5 R201",
        "'fulltext'",
        "'full_text'",
    ),
    Mistake("a setting as a section", rule(*GOOD) + "full_text: {}\n", "7:1 R201", "'full_text'", "settings here"),
    Mistake(
        "pages of which nothing is said",
        rule(*GOOD) + "web: {}\n",
        "7:6 R208",
        "neither their address",
        "url: https://",
    ),
    Mistake(
        "a user without a hash",
        rule(*GOOD) + "web: {users: {salma: secret-word}}\n",
        "7:22 R209",
        "no hash",
        "monitor web --hash",
    ),
    Mistake(
        "a user with another hash",
        rule(*GOOD) + "web: {users: {salma: $2b$12$abcdefghijklmnopqrstuv}}\n",
        "7:22 R209",
        "no hash",
        "monitor web --hash",
    ),
    Mistake(
        "a hash that works for ever",
        rule(*GOOD)
        + "web: {users: {salma: '$argon2id$v=19$m=9000000,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo'}}\n",
        "7:22 R209",
        "too much work",
        "monitor web --hash",
    ),
    Mistake(
        "a user called as the nameless",
        rule(*GOOD)
        + "web: {users: {token: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo'}}\n",
        "7:15 R209",
        "'token'",
        "another name",
    ),
    Mistake(
        "a user with a strange name",
        rule(*GOOD)
        + "web: {users: {a b: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo'}}\n",
        "7:15 R209",
        "no name",
        "letters",
    ),
    Mistake(
        "users in a list", rule(*GOOD) + "web: {users: [salma]}\n", "7:14 R207", "block of names", "monitor web --hash"
    ),
    Mistake(
        "a token in plain sight",
        rule(*GOOD) + "web: {token: 0123456789abcdef0123}\n",
        "7:14 R309",
        "secret",
        "${WEB_TOKEN}",
    ),
    Mistake(
        "trust in nobody",
        rule(*GOOD) + "web: {trust: {header: X-Forwarded-User}}\n",
        "7:14 R208",
        "which proxy",
        "proxy: 10.0.0.1",
    ),
    Mistake(
        "trust without a header",
        rule(*GOOD) + "web: {trust: {proxy: 10.0.0.1}}\n",
        "7:14 R208",
        "names the user",
        "X-Forwarded-User",
    ),
    Mistake(
        "trust in a name",
        rule(*GOOD) + "web: {trust: {proxy: proxy.example, header: X-User}}\n",
        "7:22 R209",
        "no address of a proxy",
        "10.0.0.1",
    ),
    Mistake(
        "trust in one socket by its path",
        rule(*GOOD) + "web: {trust: {proxy: 'unix:/run/web.sock', header: X-User}}\n",
        "7:22 R209",
        "no address of a proxy",
        "unix for a socket",
    ),
    Mistake(
        "trust in everybody",
        rule(*GOOD) + "web: {trust: {proxy: 0.0.0.0/0, header: X-User}}\n",
        "7:22 R209",
        "nearly everybody",
        "its own address",
    ),
    Mistake(
        "trust in the wrong header",
        rule(*GOOD) + "web: {trust: {proxy: 10.0.0.1, header: Authorization}}\n",
        "7:40 R209",
        "something else",
        "X-Forwarded-User",
    ),
    Mistake(
        "trust in no header",
        rule(*GOOD) + "web: {trust: {proxy: 10.0.0.1, header: 'X User'}}\n",
        "7:40 R209",
        "no header name",
        "X-Forwarded-User",
    ),
    Mistake(
        "a host with its scheme",
        rule(*GOOD) + "web: {trust: {proxy: 10.0.0.1, header: X-U}, hosts: ['https://m.example/x']}\n",
        "7:54 R209",
        "no host",
        "m.example",
    ),
    Mistake(
        "hosts for everybody",
        rule(*GOOD) + "web: {hosts: [m.example]}\n",
        "7:15 R209",
        "nobody is asked",
        "users, token or trust",
    ),
    Mistake("pages at no address", rule(*GOOD) + "web: {url: monitor.example}\n", "7:12 R314", "http", "https://"),
    Mistake(
        "pages with a secret", rule(*GOOD) + 'web: {url: "https://m.example/${KEY}"}\n', "7:12 R314", "sign", "https://"
    ),
    Mistake("pages behind a name", rule(*GOOD) + "web: {url: https://me@m.example}\n", "7:12 R314", "user", "https://"),
    Mistake(
        "pages with a query", rule(*GOOD) + 'web: {url: "https://m.example/?a=b"}\n', "7:12 R314", "'?'", "https://"
    ),
    Mistake(
        "pages below the name of one of them",
        rule(*GOOD) + "web: {url: https://m.example/rules}\n",
        "7:12 R314",
        "at /rules",
        "https://m.example/monitor",
    ),
    Mistake(
        "pages below what browsers take for another host",
        rule(*GOOD) + "web: {url: https://m.example//evil.example/a}\n",
        "7:12 R314",
        "'//' stands in its path",
        "write one '/' there, for example https://m.example/evil.example/a",
    ),
    Mistake(
        "pages below what browsers read as that",
        rule(*GOOD) + "web: {url: 'https://m.example/\\evil.example'}\n",
        "7:12 R314",
        "sign",
        "https://",
    ),
    Mistake(
        "pages below a name as browsers write it",
        rule(*GOOD) + "web: {url: https://m.example/%66eeds/x/}\n",
        "7:12 R314",
        "at /feeds",
        "another path",
    ),
    Mistake(
        "pages with a port of later",
        rule(*GOOD) + "web: {url: https://m.example, port: 1}\n",
        "7:31 R201",
        "'port'",
        "url",
    ),
    Mistake(
        "a heartbeat in the file",
        rule(*GOOD) + "heartbeat: https://hc.example/x\n",
        "7:12 R309",
        "secret",
        "${HEARTBEAT_URL}",
    ),
    Mistake(
        "a heartbeat without an address",
        rule(*GOOD) + "heartbeat: {every: 1m}\n",
        "7:12 R208",
        "heartbeat",
        "HEARTBEAT_URL",
    ),
    Mistake("a heartbeat of mail", rule(*GOOD) + 'heartbeat: "mailto://${DESK}"\n', "7:12 R314", "http", "https://"),
    Mistake("a canary at no time", channel('{url: "${DESK}", canary: "25:00"}'), "8:34 R209", "'25:00'", "08:00"),
    Mistake("an unknown severity", rule("severity: urgent", *GOOD), "4:15 R203", "'urgent'", "or critical"),
    Mistake("a severity by another word", rule("severity: عالي", *GOOD), "4:15 R203", "'عالي'", "'مرتفع' (high)?"),
    Mistake("a severity of two words", rule("severity: مرتفع جدا", *GOOD), "4:15 R203", "جدا", "or 'حرج' (critical)?"),
    Mistake("an Arabic severity", rule("severity: فظيع", *GOOD), "4:15 R203", "'فظيع'", "مرتفع"),
    Mistake("a length in words", rule("throttle: half an hour", *GOOD), "4:15 R204", "'half an hour'", "30 دقيقة"),
    Mistake("a length without a unit", rule("throttle: 15", *GOOD), "4:15 R204", "'15'", "15m for minutes"),
    Mistake("a clock time", rule("throttle: 12:30", *GOOD), "4:15 R204", "'12:30'", "15m"),
    Mistake("too long a length", rule("max_age: 99999d", *GOOD), "4:14 R204", "too long", "3650"),
    Mistake("no age at all", rule("max_age: 0s", *GOOD), "4:14 R204", "no time at all", "24h"),
    Mistake("asked too often", feed("url: https://a.example/x", "every: 5s"), "9:12 R204", "too often", "30s"),
    Mistake("an Arabic id", rule(*GOOD, id_="اشتباكات"), "3:9 R205", "'اشتباكات'", "Latin letters"),
    Mistake("an id with a space", rule(*GOOD, id_="dez clash"), "3:9 R205", "'dez clash'", "'-'"),
    Mistake("an Arabic group id", rule(*GOOD) + "groups:\n  كلمات: [مطار]\n", "8:3 R205", "'كلمات'", "Latin letters"),
    Mistake("only exclusions", rule("none:", "  - مطار"), "3:5 R206", "only exclusions", "'all:' or 'any:'"),
    Mistake("nothing to look for", rule("title: x"), "3:5 R206", "neither", "'all:' or 'any:'"),
    Mistake("more than there are", rule("any: [مطار, مدرج]", "at_least: 3"), "3:5 R206", "3 of 2", "lower"),
    Mistake("all as a text", rule("all: مطار"), "4:10 R207", "must be a list", "line of its own"),
    Mistake("rules as a block", "version: 1\nrules:\n  dez: {}\n", "3:3 R207", "must be a list", "'- '"),
    Mistake("channels as a list", rule(*GOOD) + "channels:\n  - desk\n", "8:3 R207", "block of names", "without '- '"),
    Mistake("a rule as a text", "version: 1\nrules:\n  - dez\n", "3:5 R207", "block of settings", "settings here"),
    Mistake("a list as a title", rule("title: [a, b]", *GOOD), "4:12 R207", "one per language", "{ar: …, en: …}"),
    Mistake("a list as a text", rule("owner: [a, b]", *GOOD), "4:12 R207", "not a list", "single text"),
    Mistake("no as false", rule("enabled: no", *GOOD), "4:14 R207", "neither true nor false", "write false"),
    Mistake("true in quotes", rule('enabled: "true"', *GOOD), "4:14 R207", "'true'", "without quotes"),
    Mistake("a number in words", rule("any: [مطار]", "at_least: two"), "5:15 R207", "'two'", "digits"),
    Mistake(
        "a rule without id", "version: 1\nrules:\n  - title: x\n    all: [مطار]\n", "3:5 R208", "no id", "give it one"
    ),
    Mistake("a feed without address", feed("name: x"), "8:5 R208", "no address", "url: https://"),
    Mistake("a channel without address", channel("{language: ar}"), "8:9 R208", "no address", "DESK_URL"),
    Mistake("no version", "rules:\n  - {id: x, all: [مطار]}\n", "1:1 R208", "version", "version: 1"),
    Mistake("no rules", "version: 1\n", "1:1 R208", "no rules", "at least one rule"),
    Mistake("an empty list of rules", "version: 1\nrules: []\n", "2:1 R208", "no rules", "at least one rule"),
    Mistake(
        "a test of nothing", rule(*GOOD, "tests:", "  - because: x"), "8:9 R208", "'match' or 'no_match'", "two tests"
    ),
    Mistake("another version", "version: 2\nrules: [{id: x, all: [مطار]}]\n", "1:10 R209", "version 2", "version: 1"),
    Mistake("a distance without words", rule("near: 15", *GOOD), "4:11 R209", "'15'", "'15 words'"),
    Mistake("an unknown distance", rule("near: paragraph", *GOOD), "4:11 R209", "'paragraph'", "'sentence'"),
    Mistake("a day that is none", rule("expires: 2027-02-30", *GOOD), "4:14 R209", "not a day", "year-month-day"),
    Mistake("an unknown field", rule("search_in: [titel]", *GOOD), "4:17 R209", "'titel'", "'title'"),
    Mistake(
        "an unknown time zone", rule(*GOOD) + "timezone: Asia/Damaskus\n", "7:11 R209", "time zone", "Asia/Damascus"
    ),
    Mistake("an unknown language", rule(*GOOD) + "language: arabic\n", "7:11 R209", "'arabic'", "ar, en or both"),
    Mistake("an unknown purpose", channel('{url: "${DESK}", for: ops}'), "8:31 R209", "'ops'", "operations"),
    Mistake("a header of ours", feed("url: https://a.example/x", "headers: {Host: b}"), "9:15 R209", "Host", "remove"),
    Mistake("nothing under all", rule("all:", "none: [مطار]"), "4:5 R210", "nothing", "add items"),
    Mistake("an empty list", rule("all: []"), "4:10 R210", "empty", "add items"),
    Mistake("an empty title", rule("title:", *GOOD), "4:5 R210", "nothing", "remove the line"),
    Mistake("a hashtag without quotes", rule("all:", "  - #سوريا", "  - مطار"), "5:8 R210", "nothing", "quotes"),
]

MEANING = [
    Mistake("an Arabic comma", item("[قصف، غارة]"), "5:13 R301", "Arabic comma", "one search text a line"),
    Mistake("a comma in a line", item("قصف, غارة"), "5:12 R301", "a comma", "  - قصف"),
    Mistake("a group as a word", rule(*GOOD, "  - blasts") + "groups:\n  blasts: [انفجار]\n", "7:9 R302", "name of a group", "group: blasts", "warning"),
    Mistake("a place as a word", item("deir-ez-zor"), "5:9 R302", "name of a place", "place: deir-ez-zor", "warning"),
    Mistake("a term of one letter", item("و"), "5:9 R303", "one letter", "at least two"),
    Mistake("a term of signs", item("'ـــ!'"), "5:9 R303", "nothing of it is left", "two letters"),
    Mistake("a term of marks", item("{exact: 'َُِ'}"), "5:17 R303", "too short", "two letters"),
    Mistake("a star", item("قصف*"), "5:9 R304", "'*'", "{starts: قصف}"),
    Mistake("OR in a term", item("قصف OR غارة"), "5:9 R304", "'OR'", "[first, second]"),
    Mistake("AND in a term", item("قصف AND مطار"), "5:9 R304", "'AND'", "under 'all'"),
    Mistake("NEAR in a term", item("قصف NEAR/5 مطار"), "5:9 R304", "NEAR/5", "near: 8 words"),
    Mistake("an Arabic or in a term", item("طبيب أو ممرض"), "5:9 R304", "أو", "[first, second]"),
    Mistake("a slash for or in a term", item("طبيب/ممرض"), "5:9 R304", "'/'", "[first, second]"),
    Mistake("a place without the space", item("place:idlib"), "5:9 R304", "'place:' is searched for", "place: idlib"),
    Mistake("an event without the space", item("[جسر, event:clash]"), "5:15 R304", "'event:'", "event: clash"),
    Mistake("a star behind starts", item("{starts: saldırı*}"), "5:18 R304", "any ending already", "leave the '*' out"),
    Mistake("an unknown place", item("{place: deir-ezzor}"), "5:17 R305", "'deir-ezzor'", "did you mean 'deir-ez-zor'?"),
    Mistake("a place by its name", item("{place: دير الزور}"), "5:17 R305", "'دير الزور'", "did you mean 'deir-ez-zor'?"),
    Mistake("an unknown place around", rule(*GOOD) + "places:\n  x: {name: س ص, within: idlb}\n", "8:26 R305", "'idlb'", "'idlib'"),
    Mistake("an unknown group", item("{group: airprt}"), "5:17 R306", "'airprt'", "under 'groups'"),
    Mistake("an event as a group", item("{group: clash}"), "5:17 R306", "'clash'", "write event: clash"),
    Mistake("an empty alternative", item("{regex: 'قصف|'}"), "5:17 R307", "empty alternative", "remove the '|'"),
    Mistake("a broken expression", item("{regex: '(قصف'}"), "5:17 R307", "cannot be read", "single quotes"),
    Mistake("an expression that fills the memory", item("{regex: 'ق{99999999}'}"), "5:17 R307", "repeats too much", "'+'"),
    Mistake("repetitions of repetitions", item("{regex: '(?:(ق{300}ص){300}){300}'}"), "5:17 R307", "too much", "'+'"),
    Mistake("an expression of nothing", item("{regex: 'ق*'}"), "5:17 R307", "matches everywhere", "'+'"),
    Mistake("the same rule id", rule(*GOOD) + "  - {id: dez, all: [x y]}\n", "7:10 R308", "first on line 3", "of its own"),
    Mistake("no pin", feed("url: https://a.example/x", "pin: abc"), "9:10 R209", "'abc' is no pin", "sha256//"),
    Mistake("a pin without https", feed("url: http://a.example/x", f"pin: {PIN}"), "9:10 R209", "https://", "remove 'pin'"),
    Mistake("a pin of a certificate", feed("url: https://a.example/x", f"pin: [{PIN}, '{':'.join(['A7'] * 32)}']"), "9:65 R209", "fingerprint", "sha256//"),
    Mistake("no pin at all", feed("url: https://a.example/x", "pin:"), "9:5 R210", "nothing is written", "remove"),
    Mistake("leave that is a text", feed("url: https://a.example/x", "allow_private: yes"), "9:20 R207", "neither true nor false", "write true"),
    Mistake(
        "nearly a known newsroom", feed("url: https://a.example/x", "source: riverpst"), "9:13 R325", "newsroom 'riverpost'", "write source: riverpost", "warning"
    ),
    Mistake(
        "a newsroom by its name", feed("url: https://a.example/x", "source: بريد النهر"), "9:13 R325", "newsroom 'riverpost'", "write source: riverpost", "warning"
    ),
    Mistake("the same newsroom twice", newsroom("{name: X1}") + "  gazette: {name: X2}\n", "9:3 R105", "twice", "keep one"),
    Mistake(
        "one host of two newsrooms", newsroom("{hosts: [a.example]}") + "  other: {hosts: a.example}\n", "9:18 R308", "host 'a.example' stands twice", "one of the two"
    ),
    Mistake("an address as a host", newsroom('{hosts: ["https://www.a.example/rss"]}'), "8:21 R209", "is no host", "alone: a.example"),
    Mistake("a word as a host", newsroom("{hosts: [gazette]}"), "8:21 R209", "is no host", "like news.example"),
    Mistake("an owner by its name", newsroom("{owner: دار الوادي}"), "8:20 R205", "id", "Latin"),
    Mistake("a credit of one letter", newsroom("{credits: [و]}"), "8:23 R303", "too short", "two letters"),
    Mistake("a misspelt setting of a newsroom", newsroom("{ownr: x}"), "8:13 R201", "ownr", "did you mean 'owner'?"),
    Mistake("the same feed", feed("url: https://a.example/x") + "  - url: https://a.example/x\n", "9:10 R308", "address stands twice", "remove"),
    Mistake("an address in the file", channel("{url: 'slack://TokenA/TokenB/TokenC'}"), "8:15 R309", "secret", "${DESK_URL}"),
    Mistake("a password in a feed", feed("url: https://me:hunter22@a.example/x"), "8:10 R309", "password", "${NAME}"),
    Mistake("a token in a header", feed("url: https://a.example/x", "headers: {Authorization: Bearer abcdef}"), "9:30 R309", "Authorization", "${NAME}"),
    Mistake("an unknown channel", rule(*GOOD, "notify: [dsk]") + 'channels:\n  desk: {url: "${DESK}"}\n', "7:14 R310", "'dsk'", "did you mean 'desk'?"),
    Mistake("an unknown feed", rule(*GOOD, "feeds: [nowhere]"), "7:13 R311", "'nowhere'", "monitor feeds list"),
    Mistake("an unknown tag", rule(*GOOD, "feeds: ['tag:syra']") + "feeds:\n  - {url: https://a.example/x, tags: [syria]}\n", "7:13 R311", "'syra'", "'syria'"),
    Mistake("a tag without tag:", rule(*GOOD, "feeds: [syria]") + "feeds:\n  - {url: https://a.example/x, tags: [syria]}\n", "7:13 R311", "'syria'", "tag:syria"),
    Mistake("places in one text", item("{place: 'idlib, syria'}"), "5:17 R305", "no place", "several are a list: [idlib, syria]"),
    Mistake("with an Arabic comma", item("place: [idlib، syria]"), "5:17 R305", "no place", "several are a list: [idlib, syria]"),
    Mistake("events in one text", item("{event: 'clash, airstrike'}"), "5:17 R312", "no event", "several are a list: [clash, airstrike]"),
    Mistake("an event by a word of it", item("{event: غارات}"), "5:17 R312", "'غارات'", "did you mean 'airstrike'?"),
    Mistake("an unknown event", item("{event: clashes}"), "5:17 R312", "'clashes'", "did you mean 'clash'?"),
    Mistake("a ban over the spelling", rule(*GOOD) + "places:\n  x: {name: حماة الوطن, ban: [الوطن]}\n", "8:31 R209", "never found", "ban only"),
    Mistake("a place as context", rule(*GOOD) + "places:\n  x: {name: س ص, context: [{place: idlib}]}\n", "8:28 R209", "words and names only", "{name: …}"),
    Mistake("only a ban for a new place", rule(*GOOD) + "places:\n  x: {ban: [الوطن]}\n", "8:3 R208", "no spelling", "'terms'"),
    Mistake("strict about nothing", item("{word: مدرسة, strict: [hamza]}"), "5:9 R209", "no form of 'مدرسة'", "remove hamza"),
    Mistake("strict about shadda that is not written", item("{word: مسيرة, strict: shadda}"), "5:9 R209", "strict about shadda", "with the letters"),
    Mistake("strict about an unknown letter", item("{word: على, strict: [ya]}"), "5:30 R209", "'ya'", "did you mean 'yaa'?"),
    Mistake("a place within itself", rule(*GOOD) + "places:\n  x: {name: س ص, within: x}\n", "8:26 R313", "within itself", "larger place"),
    Mistake("a group in itself", rule(*GOOD) + "groups:\n  x: [{group: x}]\n", "8:15 R313", "holds itself", "remove"),
    Mistake("an address of another kind", feed("url: ftp://a.example/x"), "8:10 R314", "does not begin with", "https://"),
    Mistake("an address without scheme", feed("url: a.example/x"), "8:10 R314", "cannot be used", "https://a.example/"),
    Mistake("a reference without braces", channel("{url: $DESK}"), "8:15 R314", "$DESK", '"${DESK}"'),
    Mistake("a shell default", channel('{url: "${DESK:-x}"}'), "8:15 R315", "names no variable", "${NAME}"),
    Mistake("a reference in a term", item("'${WORD}'"), "5:9 R315", "${…}", "the search text itself"),
    Mistake("a variable without value", channel('{url: "${UNSET}"}'), "8:15 R316", "'desk' is left out", "export UNSET", "warning"),
    Mistake("alerts to operations", rule(*GOOD, "notify: [ops]") + 'channels:\n  ops: {url: "${DESK}", for: operations}\n', "7:14 R318", "no alerts", "for: operations"),
    Mistake("an unknown fallback", channel('{url: "${DESK}", fallback: spare}'), "8:36 R310", "'spare'", "'channels'"),
    Mistake("a fallback without alerts", rule(*GOOD) + 'channels:\n  ops: {url: "${DESK}", for: operations}\n  desk: {url: "${DESK}", fallback: ops}\n', "9:36 R318", "no alerts", "for: operations"),
    Mistake("a fallback of a channel without alerts", rule(*GOOD) + 'channels:\n  ops: {url: "${DESK}", for: operations, fallback: console}\n', "8:42 R209", "no alerts", "remove 'fallback'"),
    Mistake("a key in the file", channel("{url: cloudevents+https://a.example/x, secret: sixteen-letters-or-more}"), "8:56 R309", "signed with is a secret", "${HOOK_SECRET}"),
    Mistake("a key for a service that does not look", channel('{url: "json://a.example/x", secret: "${DESK}"}'), "8:45 R209", "only a channel with a cloudevents+https://", "remove 'secret'"),
    Mistake("a fallback on itself", channel('{url: "${DESK}", fallback: desk}'), "8:36 R313", "on itself", "another channel"),
    Mistake("a rate without a unit", channel('{url: "${DESK}", rate: 20}'), "8:32 R209", "not a rate", "20/min"),
    Mistake("a rate of nothing", channel('{url: "${DESK}", rate: 0/s}'), "8:32 R209", "send nothing", "above zero"),
    Mistake("a query cut off", rule("query: قصف AND"), "4:16 R319", "nothing on its right", "remove"),
    Mistake("a query of exclusions", rule("query: NOT قصف"), "4:12 R206", "only exclusions", "must be found"),
    Mistake("a query that is a list", rule("query: [قصف, جسر]"), "4:12 R207", "one text", "single text"),
    Mistake("an empty query", rule("query:"), "4:5 R210", "nothing is written", "value"),
    Mistake("near over two parts", item("{all: [{title: قصف}, {summary: جسر}], near: 5 words}"), "5:9 R320", "different parts", "'near'"),
    Mistake("near over two parts in a rule", rule("all: [{title: قصف}, {body: جسر}]", "near: sentence"), "4:11 R320", "different parts", "'near'"),
    Mistake("near in the title over another part", rule("all: [قصف, {summary: جسر}]", "near: title"), "4:11 R320", "different parts", "'near'"),
    Mistake("near over a part that is not searched", rule("all: [قصف, {summary: جسر}]", "near: 5 words", "search_in: title"), "4:11 R320", "different parts", "'near'"),
    Mistake("a sentence over two parts", rule("any: [{sentence: [{title: قصف}, {body: جسر}]}]"), "4:11 R320", "different parts", "'near'"),
    Mistake("a part within another", item("{body: {title: قصف}}"), "5:9 R320", "different parts", "one of title"),
    Mistake("a part within another in a group", rule(*GOOD) + "groups:\n  g: [{body: [{title: قصف}]}]\n", "8:7 R320", "different parts", "one of title"),
    Mistake("a small operator", rule("query: قصف and جسر"), "4:16 R321", "small letters", "write AND", "warning"),
    Mistake("a word behind a hash", item("غارة #عاجل"), "5:14 R115", "ignores", "quotes", "warning"),
    Mistake("no line end", rule(*GOOD).rstrip("\n"), "6:21 R114", "cut off", "empty line", "warning"),
]  # fmt: skip

MISTAKES = YAML + SHAPE + MEANING
