"""The three public codes of a Chinese firm: credit code, region, industry."""

from __future__ import annotations

import re

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

# GB/T 4754-2017: the section letter of each two-digit division, by the section's last division.
_SECTIONS = (
    ("A", 5), ("B", 12), ("C", 43), ("D", 46), ("E", 50), ("F", 52), ("G", 60), ("H", 62),
    ("I", 65), ("J", 69), ("K", 70), ("L", 72), ("M", 75), ("N", 79), ("O", 82), ("P", 83),
    ("Q", 85), ("R", 90), ("S", 96), ("T", 97),
)  # fmt: skip


def credit_check_char(body: str) -> str:
    """Return the check character of the first 17 characters of a credit code.

    Raises
    ------
    ValueError
        If ``body`` is not 17 characters of the code's alphabet.

    References
    ----------
    GB 32100-2015 法人和其他组织统一社会信用代码编码规则: weights 3^i mod 31, check
    (31 − Σ weight × value) mod 31.
    """
    if len(body) != 17 or any(c not in _CREDIT_ALPHABET for c in body):
        raise ValueError(f"not the body of a credit code: {body!r}")
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(body, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Tell whether ``code`` is 18 characters long with a right check character."""
    if len(code) != 18 or any(c not in _CREDIT_ALPHABET for c in code):
        return False
    return code[2:8].isdigit() and credit_check_char(code[:17]) == code[17]


def is_region(code: str) -> bool:
    """Tell whether ``code`` has the shape of GB/T 2260: 2, 4 or 6 digits."""
    return re.fullmatch(r"[1-9][0-9](?:[0-9]{2}){0,2}", code) is not None


def industry_code(code: str) -> str:
    """Return a GB/T 4754-2017 code with its section letter in front: ``65`` becomes ``I65``.

    Raises
    ------
    ValueError
        If it is no such code, or its letter is not the one of its division.
    """
    match = re.fullmatch(r"([A-T]?)([0-9]{2,4})?", code.strip().upper())
    if not match or not match.group(0):
        raise ValueError(f"not an industry code: {code!r}")
    letter, digits = match.group(1), match.group(2) or ""
    if not digits:
        return letter
    division = int(digits[:2])
    section = next((s for s, last in _SECTIONS if 0 < division <= last), None)
    if section is None or letter not in ("", section):
        raise ValueError(f"not an industry code: {code!r}")
    return section + digits
