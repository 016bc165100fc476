"""What `monitor explain` is given, as an entry: a headline, an article, a document of `monitor match`, or its parts."""

from __future__ import annotations

import json

from monitor.model import Entry


def entry_of(text: str) -> Entry:
    """One line is a headline. Of several the first is, the paragraph below it is the summary, the rest the body.

    A JSON object is read for its `title`, `summary` and `text`, as a line of `monitor match` is.
    """
    document = _document(text)
    if document is not None:
        title, summary, body = (_text(document.get(key)) for key in ("title", "summary", "text"))
        return Entry(feed_id="", title=title, summary=summary, body=body)
    title, _, below = text.strip().partition("\n")
    summary, _, body = _paragraphs(below).partition("\n\n")
    return Entry(feed_id="", title=title.strip(), summary=summary.strip(), body=body.strip())


def _paragraphs(below: str) -> str:
    """Lines without white space at their ends, so that an empty one is a paragraph's end; none at the beginning."""
    return "\n".join(line.rstrip() for line in below.splitlines()).strip("\n")


def _document(text: str) -> dict[str, object] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
