# SPDX-License-Identifier: GPL-2.0-or-later
"""Certificates and tokens for tests."""

import datetime
import pathlib
import typing

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER = "https://login.example"
AUDIENCE = "dissectd"


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    pem: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem


class Identity(typing.NamedTuple):
    """A certificate and its private key, in PEM."""

    certificate: bytes
    key: bytes

    def write(self, folder: pathlib.Path, certificate: str, key: str) -> None:
        (folder / certificate).write_bytes(self.certificate)
        (folder / key).touch(mode=0o600)
        (folder / key).write_bytes(self.key)


class Authority:
    """Issues certificates for a day."""

    def __init__(self) -> None:
        self._key = _new_key()
        self._name = x509.Name.from_rfc4514_string("CN=tests")
        builder = self._builder(self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self._root = builder.sign(self._key, hashes.SHA256())

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    @property
    def root(self) -> bytes:
        """The authority's own certificate, in PEM."""
        pem: bytes = self._root.public_bytes(serialization.Encoding.PEM)
        return pem

    def issue(
        self,
        common_name: str = "",
        hosts: tuple[str, ...] = (),
        uris: tuple[str, ...] = (),
    ) -> Identity:
        """Issues a certificate with a common name and alternative names."""
        key = _new_key()
        subject = x509.Name([])
        if common_name:
            subject = x509.Name(
                [x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)]
            )
        builder = self._builder(subject, key)
        # The order is the opposite of that in which names count.
        names: list[x509.GeneralName] = [
            *map(x509.DNSName, hosts),
            *map(x509.UniformResourceIdentifier, uris),
        ]
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(names), critical=not common_name
            )
        certificate = builder.sign(self._key, hashes.SHA256())
        return Identity(
            certificate.public_bytes(serialization.Encoding.PEM), _pem_of(key)
        )


class TokenIssuer:
    """An identity provider that signs tokens."""

    def __init__(self) -> None:
        self._key = _new_key()

    def key_set(self) -> str:
        """Returns the public key as a JSON Web Key Set."""
        key = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key())
        return f'{{"keys": [{key}]}}'

    def sign(self, seconds: float = 3600, **claims: object) -> str:
        """Returns a token that is valid for some time."""
        now = datetime.datetime.now(datetime.UTC)
        usual = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "exp": now + datetime.timedelta(seconds=seconds),
        }
        token: str = jwt.encode(
            {**usual, **claims}, self._key, algorithm="ES256"
        )
        return token
