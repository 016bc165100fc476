"""`monitor evidence`: what was seen of a story's reports, as a file that anybody can check."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.options import config_accepted, state_option
from monitor.cli.output import STDOUT, opened
from monitor.cli.show import counted
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bundle.verify import Verified


@click.command(
    epilog="\b\nmonitor evidence 12                       writes evidence-12.zip\n"
    "monitor evidence 12.3 -o strike.zip       the story of an alert\n"
    "monitor evidence --verify strike.zip"
)
@click.argument("asked", metavar="STORY|ALERT", required=False)
@state_option
@config_accepted
@click.option("-o", "--output", metavar="FILE", help="Write here; - is standard output.  [default: evidence-STORY.zip]")
@click.option(
    "--verify", "bundle", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Check a bundle."
)
@click.pass_context
def evidence(ctx: click.Context, asked: str | None, state: Path, output: str | None, bundle: Path | None) -> None:
    """Write what was seen of a story's reports: the bytes of each entry as its feed served it with their SHA-256, the
    request and the answer's headers, the rules as they read then, decisions, deliveries, and a page to read it.

    With --verify, compute all digests of a bundle anew and say what differs.

    Exit codes: 0 written, or sound; 1 no such story, or something differs.
    """
    if bundle is not None:
        if asked or output:
            raise UsageError("--verify goes alone: it looks at a bundle, not at the state")
        ctx.exit(_verify(bundle))
    if not asked:
        raise UsageError("name a story or an alert: monitor evidence 12, or monitor evidence 12.3")
    ctx.exit(_write(asked, state, output))


def _write(asked: str, state: Path, output: str | None) -> int:
    from monitor.bundle.make import make
    from monitor.store.views.evidence import story_of
    from monitor.store.which import open_reader

    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"nothing is recorded in {state} yet: 'monitor check' or 'monitor run' begins it")
    with reader:
        story = story_of(reader, asked)
        if story is None:
            click.echo(
                f"there is no story or alert {asked}; 'monitor history' lists alerts with their numbers", err=True
            )
            return 1
        data = BytesIO()
        made = make(reader, story, data)
    target = output or f"evidence-{story}.zip"
    with opened(target, binary=True) as out:
        out.write(data.getvalue())
    for each in made.missing:
        click.echo(f"missing: {each}", err=True)
    if target != STDOUT:
        click.echo(f"{target}: {counted(made.reports, 'report', 'reports')}, {counted(made.files, 'file', 'files')}")
        click.echo(f"SHA-256 {sha256(data.getvalue()).hexdigest()}")
    return 0


def _verify(bundle: Path) -> int:
    from monitor.bundle.verify import NoBundle, verify

    try:
        found = verify(bundle)
    except NoBundle as error:
        raise UsageError(f"{bundle} is no bundle of evidence: {error}") from None
    except OSError as error:
        raise UsageError(f"{bundle} cannot be read: {error.strerror or error}") from None
    return _told(bundle, found)


def _told(bundle: Path, found: Verified) -> int:
    from monitor.text.clean import tidy

    for each in found.differences:
        click.echo(tidy(each))
    verdict = f"{len(found.differences)} differ" if found.differences else "every digest is as recorded"
    click.echo(f"{bundle}: {counted(found.files, 'file', 'files')}, {verdict}")
    for what, digest in found.digests.items():
        click.echo(f"SHA-256 of the {what}: {digest}")
    return 1 if found.differences else 0
