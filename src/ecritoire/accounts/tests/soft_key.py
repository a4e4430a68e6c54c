"""A passkey in software: what a phone would answer, and what a thief would try."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One credential. ``counter`` goes up at each use; set it to play a copied key."""

    def __init__(self, origin: str = "", rp_id: str = "") -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(32)
        self._origin = origin or settings.CONFIG.base_url
        self._rp_hash = hashlib.sha256((rp_id or settings.CONFIG.site.host).encode()).digest()
        self.user_handle = b""
        self.counter = 0
        self.flags = FLAG.UP | FLAG.UV

    def register(self, options: dict[str, Any]) -> str:
        self.user_handle = websafe_decode(options["user"]["id"])
        credential = AttestedCredentialData.create(
            bytes(16), self._id, ES256.from_cryptography_key(self._private.public_key())
        )
        data = AuthenticatorData.create(self._rp_hash, self.flags | FLAG.AT, self.counter, credential)
        attestation = AttestationObject.create("none", data, {})
        client = self._client_data(CollectedClientData.TYPE.CREATE, options)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def sign(self, options: dict[str, Any]) -> str:
        self.counter += 1
        data = AuthenticatorData.create(self._rp_hash, self.flags, self.counter)
        client = self._client_data(CollectedClientData.TYPE.GET, options)
        signature = self._private.sign(data + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.user_handle
        )

    def _client_data(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(options["challenge"]), self._origin)

    def _answer(self, **response: bytes) -> str:
        identifier = websafe_encode(self._id)
        encoded = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "response": encoded,
                "clientExtensionResults": {},
            }
        )
