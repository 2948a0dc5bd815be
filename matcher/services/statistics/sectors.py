"""The sections of the national classification of industries, as reports name them."""

from __future__ import annotations

from matcher.domain.text import Text

SECTIONS = {
    "A": Text("农、林、牧、渔业", "farming, forestry and fishing"),
    "B": Text("采矿业", "mining"),
    "C": Text("制造业", "manufacturing"),
    "D": Text("电力、热力、燃气及水生产和供应业", "electricity, heat, gas and water"),
    "E": Text("建筑业", "construction"),
    "F": Text("批发和零售业", "wholesale and retail trade"),
    "G": Text("交通运输、仓储和邮政业", "transport, storage and post"),
    "H": Text("住宿和餐饮业", "hotels and catering"),
    "I": Text("信息传输、软件和信息技术服务业", "information, software and IT services"),
    "J": Text("金融业", "finance"),
    "K": Text("房地产业", "real estate"),
    "L": Text("租赁和商务服务业", "leasing and business services"),
    "M": Text("科学研究和技术服务业", "research and technical services"),
    "N": Text("水利、环境和公共设施管理业", "water, environment and public facilities"),
    "O": Text("居民服务、修理和其他服务业", "household services, repair and other services"),
    "P": Text("教育", "education"),
    "Q": Text("卫生和社会工作", "health and social work"),
    "R": Text("文化、体育和娱乐业", "culture, sports and entertainment"),
    "S": Text("公共管理、社会保障和社会组织", "public administration and social organisations"),
    "T": Text("国际组织", "international organisations"),
}
"""Sections by letter (GB/T 4754-2017 国民经济行业分类)."""

NOT_STATED = Text("未说明", "not stated")
