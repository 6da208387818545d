# SPDX-License-Identifier: Apache-2.0
"""What to do if a daemon can't be reached. The advice is dissectctl's."""

from __future__ import annotations

# What gRPC's message has in it if TLS fails, and what it means.
_TLS_FAILURES = (
    (
        "WRONG_VERSION_NUMBER",
        "It doesn't speak TLS. If it is the right one, leave out tls=True and "
        "the other arguments and variables about TLS, or write http:// instead "
        "of https://.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "Its certificate isn't trusted: no authority that you trust has signed "
        "it, or it has expired. Name its authority with tls_ca, or the "
        "variable DISSECTD_TLS_CA.",
    ),
    (
        "Hostname Verification Check failed",
        "Its certificate is for another name. Give that with tls_server_name, "
        "if this is the daemon you mean.",
    ),
)
_CLOSED = ("Socket closed", "Connection reset", "Broken pipe")


def advice(text: str, address: str, *, tls: bool) -> str:
    """Returns what may be wrong. Arguments: gRPC's message, and the address."""
    for sign, meaning in _TLS_FAILURES:
        if sign in text:
            return meaning
    # One that wants TLS closes a connection before it says anything.
    closed = "failed to connect" in text and any(c in text for c in _CLOSED)
    if closed and not tls and not address.startswith("unix"):
        return (
            "It closes the connection at once. If it speaks TLS, give tls=True "
            "or tls_ca."
        )
    return (
        "Is dissectd running there? Its address is the argument of connect(), "
        "or the variable DISSECTD_SERVER."
    )
