"""A page in a real browser without a window: what it looks like, and what it measures of itself."""

from __future__ import annotations

import html
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import needs

WIDTH = 390  # CSS pixels of a common phone

# Run in the page by the test; what it measures is read back from the page around it, as that is in the end. The page
# stands in a frame, for the browser makes no window as narrow as a phone.
_MEASURE = """<script>
addEventListener('load', () => {
  const seen = [...document.querySelectorAll('p, a, mark, bdi')].filter(each => each.textContent.trim());
  const ground = each => {
    for (let at = each; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  // Of the letters, not of their box: they can stand out of it, and on the far side without making the page scroll.
  const extent = each => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getBoundingClientRect();
  };
  const told = {
    width: innerWidth,
    scrolls: document.documentElement.scrollWidth,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    texts: seen.map(each => ({
      text: each.textContent.trim().slice(0, 40),
      colour: getComputedStyle(each).color,
      ground: ground(each),
      direction: getComputedStyle(each).direction,
      align: getComputedStyle(each).textAlign,
      size: parseFloat(getComputedStyle(each).fontSize),
      left: extent(each).left,
      right: extent(each).right,
    })),
    remote: performance.getEntriesByType('resource').map(each => each.name),
  };
  const shown = parent.document.createElement('pre');
  shown.id = 'measured'; shown.textContent = JSON.stringify(told);
  parent.document.body.append(shown);
});
</script></body>"""


@dataclass(frozen=True)
class Seen:
    """`picture`: a file of PNG. `measured`: see the script."""

    picture: Path
    measured: dict[str, Any]


def look(page: str, picture: Path, *, dark: bool) -> Seen:
    """Needs Debian's chromium; skips the test without it."""
    chromium = needs("chromium")
    plain, measuring = picture.with_suffix(".html"), picture.with_name(f"{picture.stem}-measured.html")
    plain.write_text(page, encoding="utf-8")
    inner = html.escape(page.replace("</body>", _MEASURE))
    frame = f'<iframe srcdoc="{inner}" style="width:{WIDTH}px;height:900px;border:0"></iframe>'
    scheme = '<meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    measuring.write_text(f"<!DOCTYPE html>{scheme}<body>{frame}</body>", encoding="utf-8")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        "--disable-background-networking", f"--user-data-dir={picture.parent / 'profile'}",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}", f"--window-size={WIDTH},1000",
    ]  # fmt: skip
    _run([*command, f"--screenshot={picture}", plain.as_uri()])
    dump = _run([*command, "--dump-dom", measuring.as_uri()])
    [measured] = re.findall(r'<pre id="measured">(.*?)</pre>', dump, flags=re.DOTALL)
    return Seen(picture, json.loads(html.unescape(measured)))


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)  # the browser ends by itself
    return done.stdout.decode("utf-8", "replace")


def contrast(colour: str, ground: str) -> float:
    """WCAG 2.2, contrast ratio: 4.5 is asked for text."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
