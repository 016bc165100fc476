"""A bundle as a zip file of reproducible bytes: names sorted, no dates, no rights, nothing of this machine."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import BinaryIO, Final

_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the first that zip can write
_RIGHTS: Final = 0o644 << 16
_UNIX: Final = 3


def write(out: BinaryIO, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, date_time=_NO_DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system, about.external_attr = _UNIX, _RIGHTS
            archive.writestr(about, files[name], compresslevel=6)
