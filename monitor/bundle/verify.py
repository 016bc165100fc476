"""Whether a bundle is what its manifest says. Nothing of it is unpacked to the disk."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from monitor.bundle.gather import FORMAT, FORMAT_VERSION, MANIFEST

MOST_FILES: Final = 20_000
LARGEST: Final = 64 * 1024 * 1024  # bytes of one file, unpacked: ours are smaller
ALTOGETHER: Final = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """`differences` in words; none for a sound bundle. `digests`: SHA-256 of the bundle itself and of its manifest,
    to compare with those that were timestamped or signed."""

    story: int | None
    files: int
    differences: tuple[str, ...]
    digests: Mapping[str, str]


class NoBundle(ValueError):
    """The file is none of ours; the message says why."""


def verify(path: Path) -> Verified:
    """Raises `NoBundle`, and OSError where the file cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _verified(path, archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zipfile.LargeZipFile) as error:
        raise NoBundle(f"it is no zip file, or a damaged one ({error})") from None


def _verified(path: Path, archive: zipfile.ZipFile) -> Verified:
    names = [each.filename for each in archive.infolist()]
    if len(names) > MOST_FILES or sum(each.file_size for each in archive.infolist()) > ALTOGETHER:
        raise NoBundle("it holds more than any bundle")
    if MANIFEST not in names:
        raise NoBundle(f"there is no {MANIFEST} in it")
    manifest = _read(archive, MANIFEST)
    if manifest is None:
        raise NoBundle(f"its {MANIFEST} is damaged")
    told = _manifest(manifest)
    digests = {name: _read(archive, name) for name in sorted(set(names)) if name != MANIFEST}
    found = {name: (sha256(data).hexdigest(), len(data)) for name, data in digests.items() if data is not None}
    broken = [name for name, data in digests.items() if data is None]
    differences = [*_doubles(names), *_of_files(told, found, broken), *_of_records(told, found)]
    with path.open("rb") as file:
        whole = sha256(file.read()).hexdigest()
    return Verified(
        story=told.get("story"),
        files=len(found),
        differences=tuple(differences),
        digests={"bundle": whole, "manifest": sha256(manifest).hexdigest()},
    )


def _read(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """None for what is damaged where it lies, or larger than anything of ours."""
    try:
        with archive.open(name) as file:
            data = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, zlib.error):
        return None
    return data if len(data) <= LARGEST else None


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
        sound = told["format"] == FORMAT and isinstance(told["files"], dict) and isinstance(told["records"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise NoBundle(f"its {MANIFEST} is none of monitor's")
    if told["version"] != FORMAT_VERSION:
        raise NoBundle(f"it is of version {told['version']}, which this monitor does not know: install a newer one")
    return dict(told)


def _doubles(names: list[str]) -> Iterator[str]:
    times = Counter(names)
    yield from (f"{name}: is in it more than once" for name in sorted(times) if times[name] > 1)


def _of_files(told: dict[str, Any], found: Mapping[str, tuple[str, int]], broken: list[str]) -> Iterator[str]:
    yield from (f"{name}: damaged, or too large" for name in broken)
    for name, about in sorted(told["files"].items()):
        if name in broken:
            continue
        if name not in found:
            yield f"{name}: the manifest names it, and it is not there"
        elif not isinstance(about, dict) or (about.get("sha256"), about.get("size")) != found[name]:
            yield f"{name}: was changed (SHA-256 is {found[name][0]})"
    yield from (f"{name}: the manifest does not name it" for name in sorted(set(found) - set(told["files"])))


def _of_records(told: dict[str, Any], found: Mapping[str, tuple[str, int]]) -> Iterator[str]:
    """Whether what was written down when it was fetched still holds of the files."""
    for record in told["records"]:
        if not isinstance(record, dict):
            yield "a record of the manifest is none"
            continue
        kept = [(record.get("item"), "file"), (record.get("document"), "document_file")]
        kept += [(rule, "file") for rule in (record.get("rules") or {}).values()]
        for about, where in kept:
            if not isinstance(about, dict) or where not in about or about.get("is_cut"):
                continue
            name = about[where]
            if name not in found or found[name][0] != about.get("sha256"):
                yield f"{name}: is not what was recorded of entry {record.get('entry')} when it was seen"
