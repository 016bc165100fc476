"""The command line, as far as it can be told without a library. What starts here is asked for every minute by cron, so
this imports nothing: `group` is the command line proper."""

from __future__ import annotations

import os
import sys

# name -> (module, one line for the overview); the module's function of the same name is the command
COMMANDS = {
    "ack": ("ack", "Say that somebody has seen an alert."),
    "backtest": ("backtest", "Show what rules would have sent in the past; compare two sets of them."),
    "check": ("check", "Poll once what is due, alert, deliver, exit (for cron)."),
    "cluster": ("cluster", "Show how many workers on one database do, together."),
    "compare": ("compare", "Show why two reports are one story, or are not."),
    "db": ("db", "Back up the state, restore it, check it, copy it elsewhere."),
    "deliveries": ("deliveries", "List what was sent, waits or was given up; send again."),
    "demo": ("demo", "See real alerts from sample feeds: offline, no account, nothing kept."),
    "doctor": ("doctor", "Look at everything that may be wrong, and say how to mend it."),
    "evidence": ("evidence", "Write what was seen of a story, with digests; check such a file."),
    "explain": ("explain", "Show why each rule does or does not match a text, a page, a feed."),
    "export": ("export", "Write alerts for maps, feed readers, threat platforms; feeds as OPML."),
    "feedback": ("feedback", "Say whether an alert was what its rule is for."),
    "feeds": ("feeds", "List feeds and their health; import and export OPML."),
    "history": ("history", "List the alerts of the past; as CSV, XLSX or JSON, too."),
    "init": ("init", "Write a starter rules.yaml to make your own."),
    "lint": ("lint", "Find mistakes and weak spots in rules.yaml."),
    "match": ("match", "Apply the rules to JSON documents, one a line, from standard input."),
    "mute": ("mutes", "Tell nobody of a rule, place, story or source for a while."),
    "mutes": ("mutes", "List what is muted."),
    "notify": ("notify", "Send a sample alert to a channel."),
    "places": ("places", "Find places and their spellings; import more of them."),
    "rules": ("rules", "Publish rules for many workers; list, show, compare them."),
    "run": ("run", "Keep watch: poll, alert and deliver until stopped."),
    "schema": ("schema", "Print the JSON Schema of rules files, for editors."),
    "search": ("search", "Find entries by what they say, as rules do."),
    "status": ("status", "Show what the monitor knows and whether all is well."),
    "test": ("test", "Run the tests that stand inside the rules."),
    "unmute": ("mutes", "End a mute."),
    "web": ("web", "Show alerts, stories, rules and feeds in a browser."),
    "why": ("why", "Tell what became of an entry: why you were, or were not, alerted."),
    "worker": ("worker", "Keep watch as one of many, on a database that they share."),
}

EXIT_ERROR, EXIT_USAGE, EXIT_CONFIG, EXIT_FEEDS, EXIT_UNDELIVERED, EXIT_LOCKED, EXIT_TESTS, EXIT_ALERTS = (
    1, 2, 3, 4, 5, 6, 7, 10,
)  # fmt: skip
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

ABOUT = "Watch news feeds for what your rules describe, in Arabic and other languages, and tell the right people."
EPILOG = """\b
Exit codes: 0 ok · 1 error · 2 usage · 3 configuration · 4 feeds failed · 5 undelivered
6 another instance polls · 7 tests failed · 10 alerts (only with --exit-code) · 130 interrupted

The first steps: monitor demo, then monitor init, then monitor check."""


def main() -> None:
    """Run the command line. Two questions have quick answers: the overview, and a check that has nothing to do."""
    code = _quick(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from monitor.cli.group import cli

    cli.main(prog_name="monitor")


def _quick(arguments: list[str]) -> int | None:
    """The exit code, where no more was asked than what can be told at once."""
    if arguments in (["--help"], ["-h"]):
        from monitor.cli.overview import show

        return show()
    return _idle_check(arguments[1:]) if arguments[:1] == ["check"] else None


def _idle_check(arguments: list[str]) -> int | None:
    from monitor.idle import idle_check

    warnings = idle_check(arguments, os.environ)
    if warnings is None:
        return None
    for warning in warnings:
        print(warning, file=sys.stderr)
    return 0
