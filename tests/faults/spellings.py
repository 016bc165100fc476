"""Addresses that lead inside, each in every spelling that some parser or resolver takes for it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

# What a feed must not reach: one address at least of every block that is not the public internet.
INSIDE_4 = (
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1",
    "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.254", "0.0.0.0", "0.1.2.3",
    "192.0.0.1", "192.0.0.9", "192.0.0.100", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.19.255.254",
    "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
)  # fmt: skip
INSIDE_6 = (
    "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00::1", "fd00:ec2::254", "ff02::1", "ff0e::1", "2001:db8::1",
    "100::1", "2001::1", "2001:1::1", "2001:2::1", "2001:3::1", "2001:20::1", "64:ff9b:1::1", "2002::1", "3fff::1",
)  # fmt: skip
# Names that machines know for themselves and their networks, with what they lead to.
NAMES = {
    "localhost": "127.0.0.1", "localhost.localdomain": "127.0.0.1", "feeds.localhost": "127.0.0.1",
    "ip6-localhost": "::1", "ip6-loopback": "::1", "metadata.google.internal": "169.254.169.254",
    "instance-data": "169.254.169.254", "host.docker.internal": "192.168.65.2", "gateway.docker.internal": "10.0.0.1",
    "kubernetes.default.svc": "10.96.0.1", "router.lan": "192.168.1.1", "printer.local": "169.254.7.7",
    "127.0.0.1.nip.example": "127.0.0.1", "db": "10.0.0.5", "wpad": "192.168.1.7",
}  # fmt: skip


def spellings() -> tuple[str, ...]:
    """Authorities, as they stand between '//' and the next '/', without a port; each once."""
    found = [spelling for address in INSIDE_4 for spelling in _four(address)]
    found += [spelling for address in INSIDE_6 for spelling in _six(address)]
    found += [spelling for name in NAMES for spelling in _name(name)]
    return tuple(dict.fromkeys(found))


def _four(dotted: str) -> Iterator[str]:
    a, b, c, d = parts = [int(part) for part in dotted.split(".")]
    number = int(IPv4Address(dotted))
    yield from (dotted, f"{dotted}.", f"{a}.{b}.{c << 8 | d}", f"{a}.{b << 16 | c << 8 | d}", f"{number}", f"{number}.")
    yield from (
        f"0x{number:x}",
        f"0X{number:08X}",
        f"0{number:o}",
        f"{a}.0x{number & 0xFFFFFF:x}",
        f"0{a:o}.{b}.{c}.{d}",
    )
    for form in ("{:#x}", "{:#04x}", "0{:o}", "{:04o}", "{:03d}", "00{:o}"):
        yield ".".join(form.format(part) for part in parts)
    yield f"{a:#x}.0{b:o}.{c}.{d:#x}"
    yield from _disguised(dotted)
    yield from _carried(IPv4Address(dotted))


def _disguised(text: str) -> Iterator[str]:
    """What folds or decodes to the text, and what only looks as if its host were another."""
    yield text.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})  # full width
    yield text.translate({ord(str(digit)): 0x1D7CE + digit for digit in range(10)})  # mathematical bold
    yield text.translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})  # Arabic-Indic
    yield text.replace("1", "\u2460").replace("2", "\u00b2")
    for stop in ("\u3002", "\uff0e", "\uff61"):
        yield text.replace(".", stop)
    yield "".join(f"%{ord(letter):02x}" for letter in text)
    yield text.replace(".", "%2e")
    yield from (f"{text}%00.public.example", f"{text}%2f.public.example", f"{text}%09", f"%20{text}", f"{text}\u00ad")
    yield from (f"public.example@{text}", f"public.example:80@{text}", f"@{text}", f"public.example%40{text}")
    yield from (f"public.example\\@{text}", f"{text}\\.public.example", f"public.example&@{text}", f"a:b@c@{text}")
    yield from (f"{text}\t", f"\t{text}", f"{text}\x00", f"{text}\u200b", f"\u202e{text}", f"{text};public.example")


def _carried(inner: IPv4Address) -> Iterator[str]:
    """Within an IPv6 address, by every translation that carries it."""
    number = int(inner)
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    yield from (f"[::ffff:{inner}]", f"[::ffff:{high}:{low}]", f"[0:0:0:0:0:ffff:{high}:{low}]", f"[::{inner}]")
    yield from (f"[::FFFF:{high.upper()}:{low.upper()}]", f"[::{high}:{low}]", f"[::ffff:0:{inner}]")
    yield from (f"[64:ff9b::{inner}]", f"[64:ff9b::{high}:{low}]", f"[64:ff9b:1::{inner}]", f"[2002:{high}:{low}::]")
    yield from (f"[2002:{high}:{low}::1]", f"[2001:0:{high}:{low}::]", f"[fe80::5efe:{inner}]")
    hidden = number ^ 0xFFFFFFFF  # Teredo writes its client's address inverted (RFC 4380 §4)
    yield f"[2001:0:4136:e378:8000:63bf:{hidden >> 16:x}:{hidden & 0xFFFF:x}]"


def _six(written: str) -> Iterator[str]:
    address = IPv6Address(written)
    yield from (f"[{written}]", f"[{address.exploded}]", f"[{written.upper()}]", f"[{written}%25lo]", f"[{written}%lo]")
    yield from (f"[{written}%251]", f"user@[{written}]", written, f"[{written}", f"[[{written}]]", f"[v1.{written}]")


def _name(name: str) -> Iterator[str]:
    yield from (name, f"{name}.", name.upper(), f"user:pass@{name}", f"{name}..", name.replace("l", "\uff4c"))
    yield name.replace("o", "\u24de")
