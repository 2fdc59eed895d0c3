"""What sign-in takes and gives over HTTP: strict models, in which an unknown key is an error."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Bytes = Annotated[str, Field(max_length=32_768, pattern=r"^[A-Za-z0-9_-]*$", description="base64url without padding")]
Salt = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]


class Wire(BaseModel):
    """Base of all bodies."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SeatOut(Wire):
    """A seat the person may switch to."""

    id: str
    kind: str
    unit: str | None
    label: str
    """Which one it is: the unit, the child, or the area."""


class Me(Wire):
    """Who is signed in, in which seat, and how surely. `session` marks this device in the list of devices."""

    account: str
    seat: str
    kind: str
    name: str
    lang: str
    assurance: str
    session: str
    functions: list[str]
    seats: list[SeatOut]


class EidWay(Wire):
    """A door to an identity provider."""

    key: str
    name: str


class Ways(Wire):
    """The ways to sign in here."""

    eid: list[EidWay]
    passkey: bool
    demo: bool


class SwitchSeat(Wire):
    """The seat to act in from now on."""

    seat: Id


class Redeem(Wire):
    """An invitation: the token of its link, or the code as typed. `join` adds it to the account signed in."""

    token: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    code: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    join: bool = False

    @model_validator(mode="after")
    def _one_of_them(self) -> "Redeem":
        if (self.token is None) == (self.code is None):
            raise ValueError("either token or code")
        return self


class DeviceOut(Wire):
    """One device the person is signed in on."""

    id: str
    label: str
    seat: str
    assurance: str
    created_at: str
    seen_at: str
    current: bool


class Devices(Wire):
    """All of them, the one seen last first."""

    sessions: list[DeviceOut]


class PrfEval(Wire):
    """Inputs of the PRF extension."""

    first: Salt
    second: Salt | None = None


class PrfInputs(Wire):
    """What the client wants its passkey to derive its lock's key from; passed on to the browser untouched."""

    eval: PrfEval | None = None
    evalByCredential: Annotated[dict[Salt, PrfEval], Field(max_length=20)] | None = None


class BeginPasskey(Wire):
    """Asks for options; `prf` as in WebAuthn."""

    prf: PrfInputs | None = None


class PasskeyOptions(Wire):
    """Options for `navigator.credentials`, and the id to send back with the answer."""

    challenge: str
    options: dict[str, object]


class PrfOutputs(Wire):
    """All that may be said here of the PRF extension. Its results are the client's secret: they are
    refused.
    """

    enabled: bool | None = None


class CredProps(Wire):
    """Properties of a new credential."""

    rk: bool | None = None


class Extensions(Wire):
    """Outputs of extensions."""

    prf: PrfOutputs | None = None
    credProps: CredProps | None = None


class MadeResponse(Wire):
    """`response` of a credential just made, as `PublicKeyCredential.toJSON()` gives it."""

    clientDataJSON: Bytes
    attestationObject: Bytes
    authenticatorData: Bytes | None = None
    publicKey: Bytes | None = None
    publicKeyAlgorithm: int | None = None
    transports: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=10)] = []


class ShownResponse(Wire):
    """`response` of a credential used, as `PublicKeyCredential.toJSON()` gives it."""

    clientDataJSON: Bytes
    authenticatorData: Bytes
    signature: Bytes
    userHandle: Bytes | None = None


class _Credential(Wire):
    id: Bytes
    rawId: Bytes
    type: Literal["public-key"]
    authenticatorAttachment: Literal["platform", "cross-platform"] | None = None
    clientExtensionResults: Extensions = Extensions()


class MadeCredential(_Credential):
    """A credential just made."""

    response: MadeResponse


class ShownCredential(_Credential):
    """A credential used."""

    response: ShownResponse


class FinishRegistration(Wire):
    """The browser's answer to the options for a new passkey, with a name the person gave it."""

    challenge: Id
    credential: MadeCredential
    label: Annotated[str, Field(max_length=60)] = ""


class FinishSignIn(Wire):
    """The browser's answer to the options for signing in, and the seat to open, if not the last one."""

    challenge: Id
    credential: ShownCredential
    seat: Id | None = None


class Kept(Wire):
    """The id of what was kept."""

    id: str


class PasskeyOut(Wire):
    """One passkey."""

    id: str
    label: str
    created_at: str
    used_at: str | None


class Passkeys(Wire):
    """All passkeys of the account."""

    passkeys: list[PasskeyOut]


class StartDoor(Wire):
    """Asks to be taken to e-ID. `next` is opened afterwards; `join` joins the identity to the account signed
    in.
    """

    next: Annotated[str, Field(max_length=512)] = "/"
    join: bool = False
    lang: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z0-9-]*$")] = ""


class GoTo(Wire):
    """The provider's address to open."""

    location: str


class DemoSeatOut(Wire):
    """A seat of a persona."""

    id: str
    kind: str
    label: str


class PersonaOut(Wire):
    """An invented person."""

    key: str
    name: str
    seats: list[DemoSeatOut]


class Personas(Wire):
    """All of them."""

    personas: list[PersonaOut]


class DemoSignIn(Wire):
    """Whom to be."""

    persona: Annotated[str, Field(max_length=64)]
    seat: Id | None = None
    assurance: Literal["code", "verified", "eid"] = "eid"
