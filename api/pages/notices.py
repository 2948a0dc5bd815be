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
        "consent_given": Text("已授权", "It may see the need now"),
        "consent_withdrawn": Text(
            "已撤回，立即生效", "Taken back: it sees the need no more from now on"
        ),
        "revoked": Text("已吊销", "Revoked"),
        "deleted": Text("已删除", "Deleted"),
        "recommended": Text("已进入推荐清单", "Recommended: banks have 30 days"),
        "published": Text("方案已发布，线索已下发", "The plan is out; leads were issued"),
        "call_taken": Text(
            "来电已登记，需求已进入市场", "The call is taken down; the need is in the market"
        ),
        "call_known": Text("今天已登记过同一来电", "The same call was taken down today already"),
        "change_added": Text("改动已加入", "The change is added"),
        "shared": Text("同事现在可以看到", "Colleagues see it now"),
        "unshared": Text("已停止共享", "Colleagues see it no longer"),
        "copied": Text("已复制到我的情景", "Copied: this one is yours"),
    }
)
