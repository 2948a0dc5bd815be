"""Accounts, sessions and keys as they go over the wire; a secret goes out once, or never."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, SecretStr

from api.schemas.base import Schema
from matcher.domain.actor import Role
from matcher.domain.scope import SCOPES_OF
from matcher.services.accounts.managing import AccountChange, AccountDraft
from matcher.store.tables import AccountRow, ApiKeyRow

_ID = "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"
_SCOPES = ["leads:read", "leads:write", "products:read"]
_SUBJECT = "https://id.example.gov.cn|8a6f1c"

Login = Annotated[
    str,
    Field(
        description="Name to log in with: lower case, or an e-mail address.",
        max_length=128,
        examples=["officer@bank.example"],
    ),
]
Name = Annotated[
    str,
    Field(
        description="What people call it.",
        min_length=1,
        max_length=200,
        examples=["滨江支行 信贷部"],
    ),
]
Password = Annotated[
    SecretStr,
    Field(description="At least 10 characters.", max_length=200, examples=["a long pass phrase"]),
]
InstitutionId = Annotated[
    UUID | None,
    Field(description="The institution that a bank's account speaks for.", examples=[_ID]),
]
EnterpriseId = Annotated[
    UUID | None,
    Field(description="The firm that an enterprise's account speaks for.", examples=[None]),
]
Subject = Annotated[
    str | None,
    Field(
        description="`issuer|subject` of the identity provider that lets the account in.",
        max_length=512,
        examples=[_SUBJECT],
    ),
]


class LoginCreate(Schema):
    """What somebody shows to log in."""

    login: Login
    password: Password


class PasswordChange(Schema):
    """The password as it is, and as it is to be."""

    current: Password
    password: Password


class AccountPublic(Schema):
    """An account, without anything that lets anybody in."""

    id: Annotated[UUID, Field(description="Its id.", examples=[_ID])]
    login: Login
    name: Annotated[str, Field(description="What people call it.", examples=["滨江支行 信贷部"])]
    role: Annotated[Role, Field(description="What it may do.", examples=["bank"])]
    institution_id: InstitutionId
    enterprise_id: EnterpriseId
    has_password: Annotated[bool, Field(description="Whether a password lets it in.")]
    oidc_subject: Subject
    is_active: Annotated[bool, Field(description="Whether anything lets it in.", examples=[True])]
    created_at: Annotated[datetime, Field(description="When it was made.")]

    @classmethod
    def of(cls, row: AccountRow) -> Self:
        """Take over an account."""
        return cls(
            id=row.id,
            login=row.login,
            name=row.name,
            role=Role(row.role),
            institution_id=row.institution_id,
            enterprise_id=row.enterprise_id,
            has_password=row.password_hash is not None,
            oidc_subject=row.oidc_subject,
            is_active=row.is_active,
            created_at=row.created_at,
        )


class MePublic(Schema):
    """Who asks, and what may be asked."""

    account: Annotated[AccountPublic, Field(description="The account.")]
    scopes: Annotated[
        list[str] | None,
        Field(
            description="What the key may do; null for a person, who may do all of the role.",
            examples=[None],
        ),
    ]


class AccountCreate(Schema):
    """An account that is to be; without password and subject it gets a random password."""

    login: Login
    name: Name
    role: Annotated[Role, Field(description="What it may do; for good.", examples=["bank"])]
    institution_id: InstitutionId = None
    enterprise_id: EnterpriseId = None
    password: Annotated[
        SecretStr | None,
        Field(description="At least 10 characters.", max_length=200, examples=[None]),
    ] = None
    oidc_subject: Subject = None

    def draft(self) -> AccountDraft:
        """Return what is asked for."""
        return AccountDraft(
            login=self.login,
            name=self.name,
            role=self.role,
            institution_id=self.institution_id,
            enterprise_id=self.enterprise_id,
            password=None if self.password is None else self.password.get_secret_value(),
            oidc_subject=self.oidc_subject,
        )


class AccountUpdate(Schema):
    """What is to be different; what is not named stays."""

    name: Name | None = None
    is_active: Annotated[
        bool | None,
        Field(description="False ends its sessions and keys at once.", examples=[False]),
    ] = None
    institution_id: InstitutionId = None
    enterprise_id: EnterpriseId = None
    oidc_subject: Subject = None

    def change(self) -> AccountChange:
        """Return what is asked for."""
        return AccountChange(**self.model_dump())


class AccountCreatedPublic(Schema):
    """An account that was made, and the password that was made for it: it is shown once."""

    account: Annotated[AccountPublic, Field(description="The account.")]
    password: Annotated[
        str | None,
        Field(description="Its random password; null if one was given or none is needed."),
    ]


class PasswordPublic(Schema):
    """A password that was made; it is shown once."""

    password: Annotated[str, Field(description="The random password.")]


class AccountsPublic(Schema):
    """A page of accounts, by login."""

    items: Annotated[list[AccountPublic], Field(description="The accounts.")]
    next: Annotated[
        str | None, Field(description="Cursor of the next page, null at the end.", examples=[None])
    ]


class ApiKeyPublic(Schema):
    """A key, without its secret."""

    id: Annotated[UUID, Field(description="Its id.", examples=[_ID])]
    account_id: Annotated[UUID, Field(description="Whose it is.", examples=[_ID])]
    name: Annotated[str, Field(description="What it is for.", examples=["核心系统"])]
    hint: Annotated[str, Field(description="Its first characters.", examples=["yq_3fK9a"])]
    scopes: Annotated[list[str], Field(description="What it may do.", examples=[_SCOPES])]
    created_at: Annotated[datetime, Field(description="When it was made.")]
    expires_at: Annotated[datetime, Field(description="When it ends.")]
    revoked_at: Annotated[
        datetime | None, Field(description="When it was revoked.", examples=[None])
    ]
    last_used_at: Annotated[
        datetime | None, Field(description="When it was last used, to the minute.")
    ]

    @classmethod
    def of(cls, row: ApiKeyRow) -> Self:
        """Take over a key."""
        return cls(**(row.model_dump(exclude={"token_sha256"}) | {"scopes": row.scopes.split()}))


class ApiKeyCreate(Schema):
    """A key that is to be."""

    name: Annotated[
        str,
        Field(description="What it is for.", min_length=1, max_length=100, examples=["核心系统"]),
    ]
    scopes: Annotated[
        list[str],
        Field(
            description="What it may do, of what its role may: "
            + "; ".join(f"{role}: {len(scopes)} scopes" for role, scopes in SCOPES_OF.items()),
            min_length=1,
            max_length=64,
            examples=[_SCOPES],
        ),
    ]
    expires_at: Annotated[
        AwareDatetime | None,
        Field(description="When it ends; a year from now if nothing is said.", examples=[None]),
    ] = None
    account_id: Annotated[
        UUID | None,
        Field(description="Whose it is to be; an administrator's choice, else one's own."),
    ] = None


class ApiKeyCreatedPublic(Schema):
    """A key that was made, with its secret: it is shown once."""

    key: Annotated[ApiKeyPublic, Field(description="The key.")]
    token: Annotated[
        str,
        Field(
            description="What a system shows: `Authorization: Bearer …`.",
            examples=["yq_3fK9a…"],
        ),
    ]


class ApiKeysPublic(Schema):
    """A page of keys, the newest first."""

    items: Annotated[list[ApiKeyPublic], Field(description="The keys.")]
    next: Annotated[
        str | None, Field(description="Cursor of the next page, null at the end.", examples=[None])
    ]
