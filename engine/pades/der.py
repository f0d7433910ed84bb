# Copyright 2026 campus_sign contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The few DER forms a signature is written in (ITU-T X.690).

Generic ASN.1 libraries take most of the time of a signature; these functions
take less than a millisecond. Reading is left to the libraries.
"""

from datetime import datetime

NULL = b"\x05\x00"


def tagged(tag: int, content: bytes) -> bytes:
    """Return one element: tag, length, content."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE."""
    return tagged(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF: DER wants its elements in order of their bytes."""
    return tagged(0x31, b"".join(sorted(parts)))


def implicit(number: int, element: bytes) -> bytes:
    """Return a constructed ``element`` under the context tag ``number`` instead."""
    return bytes((0xA0 | number,)) + element[1:]


def explicit(number: int, element: bytes) -> bytes:
    """Return ``element`` inside the context tag ``number``."""
    return tagged(0xA0 | number, element)


def integer(value: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return tagged(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(value: bytes) -> bytes:
    """Return an OCTET STRING."""
    return tagged(0x04, value)


def moment(value: datetime) -> bytes:
    """Return a GeneralizedTime of whole seconds; ``value`` is in UTC."""
    return tagged(0x18, value.strftime("%Y%m%d%H%M%SZ").encode())


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *others = map(int, dotted.split("."))
    return tagged(0x06, b"".join(map(_base128, (40 * first + second, *others))))


def _base128(number):
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
