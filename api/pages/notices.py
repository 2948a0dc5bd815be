"""What is said at the top of a page after a form was taken; named in the address by its key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matcher.domain.text import Text

NOTICES: Mapping[str, Text] = MappingProxyType(
    {
        "logged_out": Text("已退出登录", "You are logged out"),
        "saved": Text("已保存", "Saved"),
        "sent": Text("已提交", "Sent"),
        "deleted": Text("已删除", "Deleted"),
        "published": Text("方案已发布，线索已下发", "The plan is out; leads were issued"),
    }
)
