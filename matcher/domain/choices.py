"""The closed vocabularies of a questionnaire, each word with its Chinese name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Self

from matcher.domain.text import Text


class Choice(StrEnum):
    """An enumeration whose members carry the word that a Chinese form prints."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        return member

    @property
    def text(self) -> Text:
        """The word in both languages."""
        return Text(self.zh, self.value.replace("_", " "))

    @classmethod
    def parse(cls, word: str) -> Self:
        """Find a member by its value or its Chinese name.

        Raises
        ------
        ValueError
            If no member is called so.
        """
        found = cls._by_word().get(word.strip().lower().replace(" ", "_"))
        if found is None:
            raise ValueError(f"not one of {', '.join(cls)}: {word!r}")
        return found

    @classmethod
    @cache
    def _by_word(cls) -> Mapping[str, Self]:
        """Return the members by value and Chinese name; the first of two alike counts."""
        words = [(word, member) for member in cls for word in (member.value, member.zh.lower())]
        return dict(reversed(words))

    @classmethod
    def menu(cls) -> Text:
        """All words, for a message about what would have been accepted."""
        return Text.join([m.text for m in cls])


class Instrument(Choice):
    """A way of getting money, cover or help."""

    LOAN = "loan", "贷款"
    BRIDGE = "bridge", "转贷"
    GUARANTEE = "guarantee", "担保"
    INSURANCE = "insurance", "保险"
    EQUITY = "equity", "股权"
    GRANT = "grant", "补助"
    SERVICE = "service", "服务"


class Purpose(Choice):
    """What the money is for."""

    WORKING_CAPITAL = "working_capital", "流动资金"
    WAGES = "wages", "发放工资"
    MATERIALS = "materials", "采购原料"
    ROLLOVER = "rollover", "贷款周转"
    EQUIPMENT = "equipment", "设备购置"
    EXPANSION = "expansion", "扩大生产"
    RESEARCH = "research", "研发"
    STARTUP = "startup", "创业"
    EXPORT = "export", "出口"
    RISK_COVER = "risk_cover", "风险保障"
    OTHER = "other", "其他"


class Collateral(Choice):
    """What a firm can pledge."""

    REAL_ESTATE = "real_estate", "房产土地"
    EQUIPMENT = "equipment", "机器设备"
    INVENTORY = "inventory", "存货"
    RECEIVABLES = "receivables", "应收账款"
    ORDERS = "orders", "订单"
    PATENTS = "patents", "知识产权"
    SHARES = "shares", "股权质押"
    DEPOSIT = "deposit", "存单"
    WATER_RIGHTS = "water_rights", "取水权"
    FARM_RIGHTS = "farm_rights", "农业设施与经营权"
    THIRD_PARTY = "third_party", "第三方保证"


class Ownership(Choice):
    """Who owns a firm."""

    PRIVATE = "private", "民营"
    SOLE_TRADER = "sole_trader", "个体工商户"
    STATE = "state", "国有"
    FOREIGN = "foreign", "外资"
    COLLECTIVE = "collective", "集体"
    MIXED = "mixed", "混合所有制"


class TaxGrade(Choice):
    """Tax-credit grade, best first (国家税务总局公告2014年第40号, 2018年第8号 for M)."""

    A = "a", "A级"
    B = "b", "B级"
    M = "m", "M级"
    C = "c", "C级"
    D = "d", "D级"

    @property
    def text(self) -> Text:
        """The letter in both languages."""
        return Text(self.zh, self.value.upper())


class Size(Choice):
    """The four size classes of 国统字〔2017〕213号, from the largest."""

    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"


class InstitutionKind(Choice):
    """What an institution is."""

    BANK = "bank", "银行"
    GUARANTOR = "guarantor", "担保机构"
    INSURER = "insurer", "保险机构"
    FUND = "fund", "基金"
    BRIDGE_FUND = "bridge_fund", "转贷基金"
    GOVERNMENT = "government", "政府部门"
    SERVICE_CENTRE = "service_centre", "服务中心"


class Repayment(Choice):
    """How a firm would like to repay, and what a product offers."""

    REVOLVING = "revolving", "随借随还"
    RENEWAL = "renewal", "无还本续贷"
    INSTALMENTS = "instalments", "分期还款"
    BULLET = "bullet", "到期还本"


class Benefit(Choice):
    """What a policy gives."""

    INTEREST_SUBSIDY = "interest_subsidy", "贷款贴息"
    FEE_SUBSIDY = "fee_subsidy", "保费补贴"
    FEE_CUT = "fee_cut", "费用减免"
    RATE_CUT = "rate_cut", "利率优惠"
    RISK_SHARE = "risk_share", "风险分担"
    GRANT = "grant", "资金补助"
    OTHER = "other", "其他"


class Tenor(Choice):
    """The two tenors of the loan prime rate (LPR) that are published."""

    ONE_YEAR = "1y", "1年期"
    FIVE_YEARS = "5y", "5年期以上"


class PoolUnit(Choice):
    """What a pool is counted in."""

    COUNT = "count", "个"
    FEN = "fen", "分"


TAGS = {
    "high_tech": Text("高新技术企业", "national high-tech enterprise"),
    "tech_sme": Text("科技型中小企业", "technology SME"),
    "specialised": Text("专精特新", "specialised and innovative SME"),
    "little_giant": Text("专精特新小巨人", "little giant"),
    "startup_stage": Text("初创期", "start-up stage"),
    "growth_stage": Text("成长期", "growth stage"),
    "national_talent": Text("国家级人才领办", "led by a national talent"),
    "farming": Text("涉农", "farming"),
    "exporter": Text("外贸", "exporter"),
    "green": Text("绿色", "green"),
    "chamber_member": Text("工商联会员", "member of the chamber of commerce"),
    "existing_loan": Text("有存量贷款", "has a loan to renew"),
}
"""Known tags of firms. A sheet may bring others; they are kept as written."""


def parse_tag(word: str) -> str:
    """Return the id of a known tag, or the word itself."""
    plain = word.strip()
    return next((tag for tag, text in TAGS.items() if plain in (tag, text.zh, text.en)), plain)


def tag_text(tag: str) -> Text:
    """Return what a person reads for a tag."""
    return TAGS.get(tag, Text.same(tag))


INDICATORS = {
    "financing_rounds": Text("融资轮次", "rounds of financing"),
    "orders_growing": Text("订单增长", "growing orders"),
    "receivables_late": Text("应收账款拖欠", "late receivables"),
    "last_valuation": Text("上一轮估值(元)", "valuation of the last round (yuan)"),
    "market_investment": Text("社会资本投资(元)", "private money invested (yuan)"),
}
"""Known further figures of firms; 1 is yes and 0 no where one is a question. A sheet may bring
others; they are shown by the name that it gives them."""

QUESTIONS = frozenset({"orders_growing", "receivables_late"})
"""Those of them that are a question."""


def parse_indicator(word: str) -> str:
    """Return the id of a known figure, or the word itself."""
    plain = word.strip()
    known = INDICATORS.items()
    return next((key for key, text in known if plain in (key, text.zh, text.en)), plain)


def indicator_text(indicator: str) -> Text:
    """Return what a person reads for a further figure of a firm."""
    own = Text(f"指标 {indicator}", f"indicator {indicator}")
    return INDICATORS.get(indicator, own)
