"""The catalogue: every published product is taken with its notes or refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.institution import Institution
from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files.cdr.ids import unique_ids
from matcher.files.cdr.offer import Offer, catalogue_notes
from matcher.files.cdr.payload import Published, parse_line
from matcher.files.cdr.refusals import REPEATED, find_reason

MAX_EXCHANGE_RATE = Decimal(1_000_000)
_BOM = b"\xef\xbb\xbf"

_AS_THEY_STAND = Text(
    "金额以澳元公布，按原数使用，未作换算", "amounts are in Australian dollars, taken as they stand"
)
_CONVERTED = Text("金额由澳元按 {r} 换算", "amounts were turned from Australian dollars at {r}")
_OF_PRODUCT = Text("{p}:{note}", "{p}: {note}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A published product that is not in the catalogue, and why.

    Parameters
    ----------
    product_id, institution, name
        As published.
    line
        Where it stands in the file, from 1.
    """

    product_id: str
    institution: str
    name: str
    line: int
    reason: Text


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Institutions and products of one file, what was refused, and what people should know."""

    records: Records
    refused: tuple[Refusal, ...]
    notes: tuple[Text, ...]


def read_cdr(path: Path, exchange_rate: Decimal = Decimal(1)) -> Catalogue:
    """Read a file of Product Reference Data, one product a line.

    Parameters
    ----------
    path
        Lines of JSON objects with ``dataHolderBrandId``, ``dataHolderBrandName`` and ``product``
        (Get Product Detail, version 4).
    exchange_rate
        Units of the market's currency for one Australian dollar; at 1 the published amounts are
        taken as they stand, and a note says so.

    Returns
    -------
    Catalogue
        Products and the institutions that offer them, in the order of the file. Validity dates
        are those published, so a round on another day may find a product not valid.

    Raises
    ------
    InputError
        With every malformed line and field of the file; nothing is taken then.

    References
    ----------
    Consumer Data Standards (Australia), Banking APIs, Get Products and Get Product Detail v4.
    """
    _require_exchange_rate(exchange_rate)
    read = [Offer.read(p, exchange_rate) for p in _read_lines(path)]
    refused = _refusals(read)
    refused_lines = {refusal.line for refusal in refused}
    offers = [offer for offer in read if offer.published.line not in refused_lines]
    ids = _product_ids(offers)
    records = _records(offers, ids, Provenance(source=path.name))
    return Catalogue(records, refused, tuple(_notes(offers, ids, exchange_rate)))


def _require_exchange_rate(rate: Decimal) -> None:
    if rate.is_finite() and 0 < rate <= MAX_EXCHANGE_RATE:
        return
    limit = Text(f"大于 0、不超过 {MAX_EXCHANGE_RATE}", f"above 0, at most {MAX_EXCHANGE_RATE}")
    message = Text("取值不可用", "cannot be used")
    raise InputError([Fault(message, field="exchange_rate", value=rate, expected=limit)])


def _read_lines(path: Path) -> list[Published]:
    try:
        content = path.read_bytes().removeprefix(_BOM)
    except OSError as error:
        message = Text("文件读不出", "the file cannot be read")
        raise InputError([Fault(message, value=error.strerror, file=path.name)]) from error
    lines = [(row, line) for row, line in enumerate(content.split(b"\n"), 1) if line.strip()]
    read = [parse_line(line, path.name, row) for row, line in lines]
    faults = [fault for found in read if isinstance(found, list) for fault in found]
    if not lines:
        faults = [Fault(Text("文件中没有产品", "the file holds no product"), file=path.name)]
    if faults:
        raise InputError(faults)
    return [found for found in read if isinstance(found, Published)]


def _refusals(offers: list[Offer]) -> tuple[Refusal, ...]:
    lines: dict[tuple[str, str], int] = {}
    found = []
    for offer in offers:
        p = offer.published
        first = lines.setdefault((p.brand_id, p.product_id), p.line)
        is_repeated = first != p.line
        reason = find_reason(p, offer.limits, offer.validity)
        if is_repeated:
            reason = REPEATED.format(n=first)
        if reason is not None:
            found.append(Refusal(p.product_id, p.brand_name, p.name, p.line, reason))
    return tuple(found)


def _brands(offers: list[Offer]) -> dict[str, Published]:
    """Return the first product of each brand, in the order of the file."""
    brands: dict[str, Published] = {}
    for offer in offers:
        brands.setdefault(offer.published.brand_id, offer.published)
    return brands


def _institution_ids(offers: list[Offer]) -> dict[str, str]:
    brands = _brands(offers)
    return unique_ids({brand_id: (p.brand_name, brand_id) for brand_id, p in brands.items()})


def _product_ids(offers: list[Offer]) -> dict[int, str]:
    """Return the id of the product of each line: its brand and what the brand calls it."""
    published = [offer.published for offer in offers]
    brands = _institution_ids(offers)
    return unique_ids(
        {
            p.line: (f"{brands[p.brand_id]}-{p.product_id}", f"{p.brand_id} {p.product_id}")
            for p in published
        }
    )


def _records(offers: list[Offer], ids: dict[int, str], source: Provenance) -> Records:
    brands, institution_ids = _brands(offers), _institution_ids(offers)
    records = Records(
        institutions=tuple(
            Institution(institution_id=institution_ids[i], name=p.brand_name, provenance=source)
            for i, p in brands.items()
        ),
        products=tuple(
            o.product(ids[o.published.line], institution_ids[o.published.brand_id], source)
            for o in offers
        ),
    )
    records.require_sound()
    return records


def _notes(offers: list[Offer], ids: dict[int, str], exchange_rate: Decimal) -> list[Text]:
    is_par = exchange_rate == 1
    notes = [_AS_THEY_STAND if is_par else _CONVERTED.format(r=exchange_rate)]
    notes += catalogue_notes(offers)
    return notes + [
        _OF_PRODUCT.format(p=ids[offer.published.line], note=note)
        for offer in offers
        for note in offer.notes
    ]
