"""Digest filters: hexadecimal, optionally shortened, of text in an encoding."""

from __future__ import annotations

import hashlib
from typing import Optional, Sequence, Tuple

from polpo.languages.substitution.errors import FilterFailed
from polpo.languages.substitution.filters.text import decode_base64, encoding_of, read_integer

_ALL = 2**31


def md5(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _digest("md5", value, options)


def sha1(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _digest("sha1", value, options)


def sha256(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _digest("sha256", value, options)


def sha384(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _digest("sha384", value, options)


def sha512(value: Optional[str], options: Sequence[str]) -> Optional[str]:
    return _digest("sha512", value, options)


def _digest(algorithm: str, value: Optional[str], options: Sequence[str]) -> Optional[str]:
    chosen = _size_and_encoding(options)
    if value is None or chosen is None:
        return None
    size, encoding = chosen
    raw = _bytes_of(value, encoding)
    if raw is None:
        return None
    return hashlib.new(algorithm, raw).digest()[:size].hex()


def _bytes_of(value: str, encoding: str) -> Optional[bytes]:
    if encoding == "base64":
        try:
            return decode_base64(value)
        except FilterFailed:
            return None
    known = encoding_of([encoding])
    return None if known is None else value.encode(known, "replace" if known == "utf-8" else "surrogatepass")


def _size_and_encoding(options: Sequence[str]) -> Optional[Tuple[int, str]]:
    """In either order; None for anything that is not one of each."""
    if len(options) > 2:
        return None
    sizes = [size for size in map(_size, options) if size is not None]
    encodings = [option.lower() for option in options if _size(option) is None]
    if len(sizes) > 1 or len(encodings) > 1:
        return None
    return sizes[0] if sizes else _ALL, encodings[0] if encodings else "utf8"


def _size(option: str) -> Optional[int]:
    size = read_integer(option)
    return size if size is not None and size > 0 else None
