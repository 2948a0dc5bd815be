"""The API's own refusals, and the one table from a class of error to a problem document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from matcher.domain.case import CaseError
from matcher.domain.errors import CheckError, Fault, InputError, MatcherError, UnknownIdError
from matcher.domain.text import Text
from matcher.services.accounts.errors import (
    LoginRefusedError,
    NoAccountError,
    ProviderLoginError,
    ProviderUnreachableError,
    TooManyLoginsError,
)
from matcher.services.errors import ConflictError, NotAllowedError, StaleError
from matcher.services.work.errors import (
    QueueFullError,
    RunLimitError,
    RunNotDoneError,
    RunOverError,
    WorkerLostError,
)

TYPE_PREFIX = "urn:yinqi:problem:"


class ApiError(MatcherError):
    """Any refusal that only the API knows."""


class NotJsonError(ApiError):
    """The body is no JSON document."""


class MediaTypeError(ApiError):
    """The body claims to be something else than JSON."""


class BodyTooLargeError(ApiError):
    """The body is larger than what is read."""


class HostError(ApiError):
    """The API was called by a name that is not its own."""


class RunNotFoundError(ApiError):
    """There is no such plan, for whoever asks."""

    def __init__(self) -> None:
        super().__init__(Text("没有这个方案", "there is no such plan"))


class NotLoggedInError(ApiError):
    """Nobody is logged in, or what was shown lets nobody in."""

    def __init__(self) -> None:
        super().__init__(Text("请先登录", "log in first"))


class ForbiddenError(ApiError):
    """The route is not for this role."""

    def __init__(self) -> None:
        super().__init__(Text("当前角色无此权限", "this is not for your role"))


class ScopeError(ForbiddenError):
    """The key may not do this.

    Parameters
    ----------
    scope
        What it lacks; None if no key may do it.
    """

    def __init__(self, scope: str | None) -> None:
        lacking = Text("密钥缺少权限 {s}", "the key lacks the scope {s}").format(s=scope)
        people = Text("仅限登录用户，不接受密钥", "this is for people who log in, not for keys")
        ApiError.__init__(self, people if scope is None else lacking)


class ForeignPageError(ApiError):
    """A change with a cookie that no page of our own asked for."""

    def __init__(self) -> None:
        super().__init__(Text("请求并非来自本站页面", "no page of this service asked for this"))


class NoPreconditionError(ApiError):
    """A change does not say which state of the record it is made to."""

    def __init__(self) -> None:
        told = Text(
            "请在 If-Match 中给出所读记录的 ETag", "name in If-Match the ETag that was read"
        )
        super().__init__(told)


class TooManyRequestsError(ApiError):
    """Somebody asks more often than the service answers.

    Parameters
    ----------
    retry_after_seconds
        When it is worth trying again.
    """

    def __init__(self, retry_after_seconds: int) -> None:
        told = Text("请求过于频繁，请在 {n} 秒后重试", "too many requests: try again in {n} s")
        super().__init__(told.format(n=retry_after_seconds))
        self.retry_after_seconds = retry_after_seconds


class NotReadyError(ApiError):
    """The service cannot be used now; a fault for each thing that is missing.

    Parameters
    ----------
    missing
        What is missing.
    """

    def __init__(self, missing: Iterable[Text]) -> None:
        super().__init__([Fault(text) for text in missing])


class OutageError(ApiError):
    """The database cannot be reached, or is busy for too long."""

    def __init__(self) -> None:
        super().__init__(
            Text("数据库暂不可用，请稍后重试", "the database does not answer: try again later")
        )


class InternalError(ApiError):
    """Something broke; what it was stands in the log and nowhere else."""

    def __init__(self) -> None:
        super().__init__(
            Text("服务内部出错，请联系管理员并提供请求编号", "an internal error; see the log")
        )


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its name in URNs, its HTTP status and its title.

    Parameters
    ----------
    tells
        Whether the faults of the error may be shown; not those of a bug.
    retry_after_seconds
        When it is worth trying again, if waiting helps.
    """

    slug: str
    status: HTTPStatus
    title: Text
    tells: bool = True
    retry_after_seconds: int | None = None

    @property
    def type(self) -> str:
        """The URN that names the kind in a problem document; it never changes."""
        return f"{TYPE_PREFIX}{self.slug}"


KINDS: dict[type[MatcherError], ProblemKind] = {
    InputError: ProblemKind(
        "invalid-input",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        Text("输入不可用", "The input cannot be used"),
    ),
    UnknownIdError: ProblemKind(
        "unknown-id", HTTPStatus.NOT_FOUND, Text("没有这个编号", "There is no such id")
    ),
    CheckError: ProblemKind(
        "check-failed",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Text("方案未通过独立校验，已弃用", "The plan failed the checker and is not published"),
        tells=False,
    ),
    NotJsonError: ProblemKind(
        "not-json", HTTPStatus.BAD_REQUEST, Text("请求体不是 JSON", "The body is not JSON")
    ),
    MediaTypeError: ProblemKind(
        "media-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        Text("请求体须为 application/json", "The body has to be application/json"),
    ),
    BodyTooLargeError: ProblemKind(
        "body-too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        Text("请求体太大", "The body is too large"),
    ),
    HostError: ProblemKind(
        "wrong-host",
        HTTPStatus.MISDIRECTED_REQUEST,
        Text("不接受以此主机名访问", "The API does not answer to this host name"),
    ),
    RunNotFoundError: ProblemKind("not-found", HTTPStatus.NOT_FOUND, Text("没有找到", "Not found")),
    ForeignPageError: ProblemKind(
        "foreign-page",
        HTTPStatus.FORBIDDEN,
        Text("请求来源不明", "The request comes from elsewhere"),
    ),
    LoginRefusedError: ProblemKind(
        "login-refused", HTTPStatus.UNAUTHORIZED, Text("登录未成功", "The login was refused")
    ),
    TooManyLoginsError: ProblemKind(
        "too-many-logins",
        HTTPStatus.TOO_MANY_REQUESTS,
        Text("登录尝试过多", "Too many logins failed"),
    ),
    ProviderLoginError: ProblemKind(
        "provider-login",
        HTTPStatus.BAD_REQUEST,
        Text("统一身份认证登录未成功", "The identity provider's login did not hold"),
    ),
    NoAccountError: ProblemKind(
        "no-account", HTTPStatus.FORBIDDEN, Text("尚无账号", "There is no account")
    ),
    ProviderUnreachableError: ProblemKind(
        "provider-unreachable",
        HTTPStatus.BAD_GATEWAY,
        Text("统一身份认证暂不可用", "The identity provider cannot be reached"),
    ),
    NotLoggedInError: ProblemKind(
        "not-logged-in", HTTPStatus.UNAUTHORIZED, Text("未登录", "Nobody is logged in")
    ),
    ForbiddenError: ProblemKind(
        "forbidden", HTTPStatus.FORBIDDEN, Text("无权限", "Not for this role")
    ),
    RunNotDoneError: ProblemKind("not-done", HTTPStatus.CONFLICT, Text("尚未完成", "Not done")),
    RunOverError: ProblemKind("over", HTTPStatus.CONFLICT, Text("已经结束", "Over already")),
    QueueFullError: ProblemKind(
        "busy",
        HTTPStatus.SERVICE_UNAVAILABLE,
        Text("服务繁忙", "The service is busy"),
        retry_after_seconds=5,
    ),
    RunLimitError: ProblemKind(
        "run-over-limit",
        HTTPStatus.GATEWAY_TIMEOUT,
        Text("计算超时", "It computed for too long"),
    ),
    WorkerLostError: ProblemKind(
        "worker-lost",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Text("处理进程中断", "The worker was lost"),
    ),
    TooManyRequestsError: ProblemKind(
        "too-many-requests",
        HTTPStatus.TOO_MANY_REQUESTS,
        Text("请求过于频繁", "Too many requests"),
    ),
    NotReadyError: ProblemKind(
        "not-ready", HTTPStatus.SERVICE_UNAVAILABLE, Text("尚未就绪", "Not ready")
    ),
    OutageError: ProblemKind(
        "unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        Text("暂不可用", "Not available now"),
        retry_after_seconds=5,
    ),
    ConflictError: ProblemKind(
        "conflict",
        HTTPStatus.CONFLICT,
        Text("与现有记录冲突", "It does not go with what is there"),
    ),
    StaleError: ProblemKind(
        "stale", HTTPStatus.PRECONDITION_FAILED, Text("记录已被修改", "It was changed meanwhile")
    ),
    CaseError: ProblemKind(
        "wrong-move",
        HTTPStatus.CONFLICT,
        Text("当前状态不允许", "Where it stands does not allow it"),
    ),
    NotAllowedError: ProblemKind(
        "not-allowed", HTTPStatus.FORBIDDEN, Text("不可由此人操作", "Not for this person to do")
    ),
    NoPreconditionError: ProblemKind(
        "no-precondition",
        HTTPStatus.PRECONDITION_REQUIRED,
        Text("缺少 If-Match", "If-Match is missing"),
    ),
    MatcherError: ProblemKind(
        "internal",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Text("内部错误", "Internal error"),
        tells=False,
    ),
}
"""Looked up along the bases of an error's class; `MatcherError` ends every search."""

_OF_FRAMEWORK = {
    HTTPStatus.NOT_FOUND: KINDS[RunNotFoundError],
    HTTPStatus.METHOD_NOT_ALLOWED: ProblemKind(
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        Text("不支持的请求方法", "The method is not allowed here"),
    ),
}


def kind_of(error: MatcherError) -> ProblemKind:
    """Return the kind of problem that an error is."""
    return next(KINDS[base] for base in type(error).__mro__ if base in KINDS)


def kind_of_status(status: int) -> ProblemKind:
    """Return the kind of problem of an HTTP error that the framework raised."""
    known = HTTPStatus(status)
    plain = ProblemKind(f"http-{status}", known, Text.same(known.phrase))
    return _OF_FRAMEWORK.get(known, plain)
