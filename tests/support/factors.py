"""Second factors for tests: an app with a known secret, a device with a passkey, a session with a second factor."""

import json

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests import factories

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 (of an app that exists in tests alone)


def code_now(secret: str = SECRET) -> str:
    """Return the code that an app with this secret shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(account) -> Authenticator:
    return TOTP.activate(account, SECRET).instance


def make_passkey(account) -> Authenticator:
    """A passkey that nothing can be proven by: only that the account has one."""
    data = {"name": "phone", "credential": {}}
    return Authenticator.objects.create(user=account, type="webauthn", data=data)


def log_in(client, account, *, code: str = ""):
    """Log in by password and, where it is asked for, by a code; return the last answer."""
    form = {"login": account.username, "password": factories.PASSWORD}
    answer = client.post("/accounts/login/", form)
    return client.post("/accounts/2fa/authenticate/", {"code": code}) if code else answer


def confirm_by_password(client):
    return client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})


def confirm_by_code(client, code: str = ""):
    cache.clear()  # half a minute later: a code opens once
    return client.post("/accounts/2fa/reauthenticate/", {"code": code or code_now()})


class Device:
    """A security key that holds one passkey, and answers as `verified` says: with or without asking who touches it."""

    HOST = "testserver"

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        public_key = ES256.from_cryptography_key(self.key.public_key())
        self.credential = AttestedCredentialData.create(Aaguid.NONE, b"passkey-of-a-test", public_key)

    def register(self, account) -> Authenticator:
        """Give the account this device's passkey, as the page that adds one would."""
        data = self._data(0x45, self.credential)  # present, verified, with a credential
        attestation = AttestationObject.create("none", data, {})
        response = {
            "clientDataJSON": websafe_encode(self._client_data("webauthn.create", "")),
            "attestationObject": websafe_encode(attestation),
        }
        credential = self._message(response)
        return Authenticator.objects.create(
            user=account, type="webauthn", data={"name": "key", "credential": credential}
        )

    def answer(self, challenge: str, account, *, verified: bool) -> str:
        """Return, as JSON, what a browser sends when this device has signed a challenge of the site."""
        data = self._data(0x05 if verified else 0x01)
        client_data = self._client_data("webauthn.get", challenge)
        signature = self.key.sign(data + sha256(client_data), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(user_pk_to_url_str(account).encode()),
        }
        return json.dumps(self._message(response))

    def _data(self, flags: int, credential=b"") -> AuthenticatorData:
        return AuthenticatorData.create(sha256(self.HOST.encode()), flags, 0, credential)

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=f"https://{self.HOST}")

    def _message(self, response: dict) -> dict:
        name = websafe_encode(self.credential.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
