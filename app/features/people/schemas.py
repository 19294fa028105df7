"""People and sign-ins as they come in and go out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, IPvAnyAddress, SecretStr
from pydantic_core import PydanticCustomError

from app.core.schema import Schema, ShortText, partial
from app.features.accounts.types import Role, Scope
from app.features.people.logins import Login
from app.features.people.passwords import MAX_LENGTH, MIN_LENGTH
from app.web.listing import ListQuery


def _length(least: int, most: int) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if len(secret) < least:
            message = "String should have at least {min_length} characters"
            raise PydanticCustomError("string_too_short", message, {"min_length": least})
        if len(secret) > most:
            message = "String should have at most {max_length} characters"
            raise PydanticCustomError("string_too_long", message, {"max_length": most})
        return secret

    return AfterValidator(check)


def _bounds(least: int, most: int) -> dict[str, int]:
    return {"minLength": least, "maxLength": most}


Password = Annotated[SecretStr, _length(1, MAX_LENGTH), Field(json_schema_extra=_bounds(1, MAX_LENGTH))]
NewPassword = Annotated[
    SecretStr,
    _length(MIN_LENGTH, MAX_LENGTH),
    Field(
        json_schema_extra=_bounds(MIN_LENGTH, MAX_LENGTH),
        description="Not one that is easily guessed.",
    ),
]
LinkText = Annotated[
    SecretStr,
    _length(1, 512),
    Field(
        json_schema_extra=_bounds(1, 512),
        description="The address that was sent, or what stands in it behind `#`.",
    ),
]
KeyText = Annotated[SecretStr, _length(1, 128), Field(json_schema_extra=_bounds(1, 128))]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="Six digits of an authenticator app, good once.")]
PersonAddress = Annotated[
    IPvAnyAddress | None,
    Field(description="From portals only: the network address of the person, by which failures are counted."),
]


class Secretive(Schema):
    """A body with a secret in it, which is taken as it was typed."""

    model_config = ConfigDict(str_strip_whitespace=False)


class PersonInvite(Schema):
    """Somebody to be invited; members and managers are of an organisation, others are not."""

    login: Login
    name: ShortText
    role: Role
    organization_id: UUID | None = None


class PersonProfile(Schema):
    """What may be changed of a person."""

    name: ShortText
    role: Role
    disabled: Annotated[bool, Field(strict=True, description="May not sign in; all sign-ins end at once.")]


PersonUpdate = partial(PersonProfile, "PersonUpdate")


class PersonRead(Schema):
    """A person."""

    id: UUID
    login: str
    name: str
    role: Role
    organization_id: UUID | None
    has_accepted: Annotated[bool, Field(description="False as long as an invitation waits.")]
    has_totp: bool
    disabled: bool
    version: int
    created_at: datetime
    updated_at: datetime


class PersonListQuery(ListQuery):
    """How people are listed and filtered."""

    sort: Literal["created_at", "-created_at"] = "-created_at"
    role: Role | None = None
    organization_id: UUID | None = None


class MeRead(Schema):
    """Who asks: by which key, as which person, through which portal."""

    role: Role
    organization_id: UUID | None
    scopes: list[Scope]
    key_id: UUID | None
    portal_id: UUID | None
    person: PersonRead | None
    issuer: Annotated[str | None, Field(description="At which issuer of identities the person signs in, if any.")]


class InvitationAccept(Secretive):
    """An invitation that is taken up."""

    link: LinkText
    password: NewPassword
    address: PersonAddress = None


class SignInCreate(Secretive):
    """Somebody who wants in."""

    login: Login
    password: Password
    code: Code | None = None
    address: PersonAddress = None


class SignInRefresh(Secretive):
    """A refresh key, which is good once."""

    refresh_key: KeyText


class SignInIssued(Schema):
    """A sign-in with its keys, which are shown this once."""

    access_key: Annotated[str, Field(description="Sent as `Authorization: Bearer`.")]
    access_expires_at: datetime
    refresh_key: Annotated[str, Field(description="Good once for new keys; shown twice, it ends the sign-in.")]
    expires_at: Annotated[datetime, Field(description="When the whole sign-in ends, however often refreshed.")]
    person: PersonRead


class SignInRead(Schema):
    """A live sign-in."""

    id: UUID
    portal_id: UUID | None
    address: str | None
    created_at: datetime
    expires_at: datetime
    is_current: bool


class SignInListQuery(ListQuery):
    """How sign-ins are listed."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class PasswordResetRequest(Schema):
    """Whose password is lost."""

    login: Login


class PasswordResetComplete(Secretive):
    """A new password by a link."""

    link: LinkText
    password: NewPassword
    address: PersonAddress = None


class PasswordChange(Secretive):
    """A new password instead of the current one."""

    current: Password
    new: NewPassword


class Proof(Secretive):
    """What somebody who is signed in shows once more, before it is changed how they sign in."""

    password: Annotated[Password | None, Field(description="The current one; of whoever has one.")] = None
    code: Annotated[Code | None, Field(description="Of whoever has a second factor.")] = None


class TotpEnrol(Secretive):
    """Somebody who wants a second factor."""

    password: Annotated[Password | None, Field(description="The current one; of whoever has one.")] = None


class TotpIssued(Schema):
    """A second factor to be confirmed; both texts are shown this once."""

    secret: str
    uri: Annotated[str, Field(description="`otpauth://…`, for a QR code.")]


class TotpConfirm(Secretive):
    """What the authenticator app shows."""

    code: Code


class TotpQuery(Schema):
    """What the authenticator app shows, as a query parameter."""

    code: Code
