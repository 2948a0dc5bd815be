"""A plan file is read back and everything in it is computed again.

This code imports nothing of the engine. It reads bytes that anyone may have written: whatever
they are, it answers with findings and never raises.

What it can show: that the file is whole, that the plan keeps every limit of the problem in the
file, and that objective, bound, gap, baseline, uses, prices, counts and reasons follow from that
problem; with the market's files, that these are the files the plan was made from; with the
canonical market, that limits, owners, packages, offers, draws, supports, costs, queues and names
are those of its records. What it cannot show without the engine: which pairs are eligible, who
qualifies for a policy and what a pair scores; on which day so many workdays end (only that all
that is said of days agrees); and that free text, such as the wording of a reason, is true.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from matcher.verify.audit import audit
from matcher.verify.claim import Finding
from matcher.verify.plan_checks import content_findings
from matcher.verify.plan_market import market_findings
from matcher.verify.plan_references import reference_findings
from matcher.verify.plan_rows import Case
from matcher.verify.plan_shape import FORMAT, PLAN

Json = dict[str, Any]


def verify_plan(
    path_or_bytes: str | Path | bytes, market_files: Sequence[str | Path] = ()
) -> list[Finding]:
    """Return everything that does not hold in a plan file; an empty list if all does.

    Parameters
    ----------
    path_or_bytes
        The file, or what it holds.
    market_files
        The files that the plan claims to be made from: all of them, or the folders that hold
        them. Names, sizes and hashes must be those recorded. The canonical ``market.json``,
        known by its hash, stands for all of them, and the plan is held against its records.
    """
    content = _content(path_or_bytes)
    document = content if isinstance(content, Finding) else _parsed(content)
    if isinstance(document, Finding):
        return [document]
    if document.get("format") != FORMAT:
        en = f"the format is not {FORMAT}"
        return [Finding("format", f"格式不是 {FORMAT}", en)]
    findings = [*_digest_findings(document), *PLAN(document, "")]
    if any(finding.code == "shape" for finding in findings):
        return findings
    market = None
    if market_files:
        given = _read_given(document["input"], market_files)
        findings += _file_findings(document["input"], given)
        market = given.market
    return findings + _plan_findings(document, market)


def _plan_findings(document: Json, market: bytes | None) -> list[Finding]:
    """Return what is wrong inside a document of the right shape."""
    findings = list(reference_findings(document))
    if findings:
        return findings
    case = Case(document)
    findings = [*audit(case.claim()), *content_findings(case)]
    if market is not None:
        records = _parsed(market)
        if isinstance(records, Finding):
            return [*findings, records]
        findings += market_findings(case, records)
    return findings


# --- bytes ------------------------------------------------------------------------------------


def _content(path_or_bytes: str | Path | bytes) -> bytes | Finding:
    if isinstance(path_or_bytes, bytes):
        return path_or_bytes
    try:
        return Path(path_or_bytes).read_bytes()
    except (OSError, ValueError) as error:
        return Finding("file", f"无法读取文件：{error}", f"cannot read the file: {error}")


def _parsed(content: bytes) -> Json | Finding:
    try:
        text = content.decode()
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200]
        return Finding("json", f"不是有效的 JSON:{reason}", f"not valid JSON: {reason}")
    if not isinstance(document, dict):
        return Finding("json", "不是 JSON 对象", "not a JSON object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON has")


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
        raise ValueError(f"key stands twice: {', '.join(map(repr, twice))}")
    return found


def _digest_findings(document: Json) -> Iterator[Finding]:
    """Yield if the digest is not that of the canonical JSON of all the rest."""
    rest = {key: value for key, value in document.items() if key != "digest"}
    try:
        canonical = json.dumps(
            rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        value = f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"
    except (ValueError, RecursionError):  # infinity, half a surrogate pair, no end of brackets
        value = None
    if value is None or document.get("digest") != value:
        zh, en = "摘要不符：文件被改动过", "the digest does not match: the file was changed"
        yield Finding("digest", zh, en)


# --- the market's files -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Given:
    """The files given: those that were read, the market itself among them, and the faults."""

    stamps: Counter[tuple[str, str, int]]
    market: bytes | None
    faults: list[Finding]


def _read_given(source: Json, given: Sequence[str | Path]) -> _Given:
    """Read the files given; in folders only those with the name or hash of a recorded one."""
    names = {file["name"] for file in source["files"]}
    stamps: Counter[tuple[str, str, int]] = Counter()
    market, faults = None, []
    for file, is_named in _given_files(given):
        try:
            content = file.read_bytes()
        except (OSError, ValueError) as error:
            told = Finding(
                "input_file", f"无法读取 {file}：{error}", f"cannot read {file}: {error}"
            )
            faults.append(told)
            continue
        digest = hashlib.sha256(content).hexdigest()
        if digest == source["market_sha256"]:
            market = content
        elif is_named or file.name in names:
            stamps[file.name, digest, len(content)] += 1
    return _Given(stamps, market, faults)


def _file_findings(source: Json, given: _Given) -> Iterator[Finding]:
    """Yield each recorded file that was not given as it was, and each given one not recorded.

    The market itself stands for all the files that it was read from.
    """
    yield from given.faults
    wanted = Counter((str(f["name"]), str(f["sha256"]), int(f["bytes"])) for f in source["files"])
    if given.market is None or given.stamps:
        for name, digest, size in (wanted - given.stamps).elements():
            fact = f"{name}, {size} bytes, sha256 {digest}"
            yield Finding("input_file", f"缺少所记录的文件 {fact}", f"recorded, not given: {fact}")
    for name, digest, size in (given.stamps - wanted).elements():
        fact = f"{name}, {size} bytes, sha256 {digest}"
        yield Finding("input_file", f"文件未被记录 {fact}", f"given, not recorded: {fact}")


def _given_files(given: Sequence[str | Path]) -> Iterator[tuple[Path, bool]]:
    """Yield each file, and whether it was named itself; folders may hold other files too."""
    for path in map(Path, given):
        try:
            inside = sorted(path.iterdir()) if path.is_dir() else None
        except (OSError, ValueError):
            inside = None
        if inside is None:
            yield path, True
        else:
            yield from ((file, False) for file in inside if file.is_file())
