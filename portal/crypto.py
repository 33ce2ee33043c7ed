"""What identifies people is sealed under a key that has an id, and is found by a keyed hash."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value names a key that is not there, or was changed."""


@dataclass(frozen=True)
class Keyring:
    """`data_keys`: key id -> 32 bytes, the first seals and all open. `lookup_key` makes the hashes that find people."""

    data_keys: dict[str, bytes]
    lookup_key: bytes

    def seal(self, kind: str, text: str) -> str:
        """`text` under the key in force, as `keyid:base64`. `kind` (phone, birth_date, …) is bound to it, so that a
        sealed value moved to another column doesn't open."""
        key_id, key = next(iter(self.data_keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), kind.encode())
        return f"{key_id}:{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, kind: str, sealed: str) -> str:
        """The text that `seal` was given. Raises CannotOpen."""
        key_id, _, encoded = sealed.partition(":")
        try:
            raw = base64.urlsafe_b64decode(encoded)
            return AESGCM(self.data_keys[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], kind.encode()).decode()
        except (KeyError, ValueError, InvalidTag):
            raise CannotOpen(kind) from None

    def seal_bytes(self, kind: str, content: bytes) -> bytes:
        """`seal` for a file: `keyid:` and then bytes. `kind` names the one row that it belongs to ('document:PUBLIC_ID')."""
        key_id, key = next(iter(self.data_keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        return key_id.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, content, kind.encode())

    def open_bytes(self, kind: str, sealed: bytes) -> bytes:
        """The content that `seal_bytes` was given. Raises CannotOpen."""
        key_id, _, raw = sealed.partition(b":")
        try:
            key = self.data_keys[key_id.decode()]
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], kind.encode())
        except (KeyError, ValueError, InvalidTag):
            raise CannotOpen(kind) from None

    def lookup(self, kind: str, text: str | bytes) -> str:
        """A keyed hash (hex) under which a person or a file is found without keeping what was hashed."""
        hashed = text.encode() if isinstance(text, str) else text
        return hmac.new(self.lookup_key, kind.encode() + b"\0" + hashed, hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """How a random token (of a link, a session) is kept: it has enough entropy of its own, so no key is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
