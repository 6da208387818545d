# SPDX-License-Identifier: Apache-2.0
"""Names that packets look for."""

TRANSPORT_LAYERS = ["UDP", "TCP"]
