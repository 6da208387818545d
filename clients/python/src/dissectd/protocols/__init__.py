# SPDX-License-Identifier: Apache-2.0
"""Wireshark's protocols and fields, for display filters.

    from dissectd.protocols import ip, tcp

    str((ip.proto == ip.proto.TCP) & (tcp.dstport < 1024))

`dissectd.protocols["_ws.malformed"]` finds any field by its name in Wireshark.
The names are those of the Wireshark from which
`python -m dissectd.protocols.generate` read them.
"""

from dissectd.protocols._package import install

install(__name__)
