"""`python -m tests.plot SEED`: the day as a script, beat by beat, with what each calls for and why."""

from __future__ import annotations

import sys

from tests.plot.plot import made
from tests.plot.values import Plot


def script(plot: Plot) -> str:
    entries = {entry.guid: entry for entry in plot.entries}
    lines: list[str] = []
    for told in plot.told:
        entry = entries[told.entry]
        version = entry.versions[told.version]
        lines += [
            f"{plot.instant(told.minute):%H:%M} {told.event.id} · {entry.outlet.id} · {told.beat.how.value}",
            f"      {version.title} | {version.summary}",
        ]
        for rule, verdict in ((told.event.arc.rule, told.beat.verdict), (told.event.arc.second, told.beat.second)):
            if verdict is not None:
                lines.append(f"      {rule}: {verdict.reason} ({told.sources} of {told.reports}): {verdict.because}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(script(made(int(sys.argv[1]))) + "\n")
