# SPDX-License-Identifier: Apache-2.0
"""The client with coroutines: the names are those of `dissectd`."""

from dissectd.aio.client import Client, connect

__all__ = ["Client", "connect"]
