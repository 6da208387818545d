# SPDX-License-Identifier: GPL-2.0-or-later
"""Arithmetic of the model."""

# What a message gets besides its bytes: gRPC's and HTTP/2's headers, and those
# of TLS's record. TCP, IP and Ethernet have some for each segment.
MESSAGE_HEADERS = 5 + 9 + 22
SEGMENT_BYTES = 1400
SEGMENT_HEADERS = 66


def wire_bytes(message_bytes: float, messages: float) -> float:
    """Returns the bytes on the network for messages over gRPC with TLS."""
    payload = message_bytes + messages * MESSAGE_HEADERS
    # A message isn't held back until a segment is full.
    segments = max(messages, payload / SEGMENT_BYTES)
    return payload + segments * SEGMENT_HEADERS


def line_through(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Returns the start and the slope of the line that fits points best.

    Distances count as shares of the values, which have very different sizes.
    """
    weights = [1 / y**2 for _, y in points]
    total = sum(weights)
    mean_x = sum(w * x for w, (x, _) in zip(weights, points, strict=True))
    mean_y = sum(w * y for w, (_, y) in zip(weights, points, strict=True))
    mean_x /= total
    mean_y /= total
    above = sum(
        w * (x - mean_x) * (y - mean_y)
        for w, (x, y) in zip(weights, points, strict=True)
    )
    below = sum(
        w * (x - mean_x) ** 2 for w, (x, _) in zip(weights, points, strict=True)
    )
    slope = above / below
    return mean_y - slope * mean_x, slope
