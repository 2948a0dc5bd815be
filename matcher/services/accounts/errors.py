"""Why somebody was not let in; none says more than a stranger may know."""

from __future__ import annotations

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text


class LoginRefusedError(MatcherError):
    """What was shown lets nobody in: which part of it was wrong is not told."""

    def __init__(self) -> None:
        super().__init__(Text("账号或密码不正确", "login or password is wrong"))


class TooManyLoginsError(MatcherError):
    """Too many logins failed of late.

    Parameters
    ----------
    retry_after_seconds
        When it is worth trying again.
    """

    def __init__(self, retry_after_seconds: int) -> None:
        told = Text(
            "登录尝试过多，请 {n} 分钟后再试", "too many logins failed: try again in {n} min"
        )
        super().__init__(told.format(n=-(-retry_after_seconds // 60)))
        self.retry_after_seconds = retry_after_seconds

    def __reduce__(self) -> tuple[type[TooManyLoginsError], tuple[int]]:  # type: ignore[override]
        return type(self), (self.retry_after_seconds,)


class ProviderLoginError(MatcherError):
    """The identity provider let nobody in, or not by an answer that can be trusted."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "统一身份认证登录未成功，请重新发起",
                "the identity provider's login did not hold: begin again",
            )
        )


class NoAccountError(MatcherError):
    """The identity provider knows somebody who has no account here."""

    def __init__(self) -> None:
        super().__init__(
            Text("身份已确认，但尚无账号，请联系管理员", "you have no account here: ask for one")
        )


class ProviderUnreachableError(MatcherError):
    """The identity provider does not answer, or not as one."""

    def __init__(self) -> None:
        super().__init__(
            Text("统一身份认证暂不可用", "the identity provider cannot be reached now")
        )
