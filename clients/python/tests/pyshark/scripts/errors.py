# SPDX-License-Identifier: Apache-2.0
"""Handles what can go wrong."""

import contextlib
import sys

import pyshark

captures = sys.argv[1]

try:
    pyshark.FileCapture("/no/such/file.pcap")
except FileNotFoundError as error:
    print(error)

cap = pyshark.FileCapture(f"{captures}/dns.pcap", display_filter="ip.adr == 1")
packets = []
# pyshark only raises it if tshark ends soon enough.
with contextlib.suppress(pyshark.capture.capture.TSharkCrashException):
    packets.extend(cap)
print("Packets that pass a wrong filter:", len(packets))

try:
    pyshark.FileCapture(f"{captures}/dns.pcap", include_raw=True)
except pyshark.capture.capture.RawMustUseJsonException as error:
    print(error)

try:
    pyshark.FileCapture(f"{captures}/dns.pcap", encryption_type="rot13")
except pyshark.capture.capture.UnknownEncyptionStandardException as error:
    print(error)

try:
    pyshark.LiveCapture("no-such-interface").sniff(packet_count=1)
except pyshark.capture.live_capture.UnknownInterfaceException as error:
    print(str(error).splitlines()[0])

cap = pyshark.FileCapture(f"{captures}/dns.pcap")
try:
    print(cap.next().no_such_layer)
except AttributeError as error:
    print(error)
try:
    print(cap.next()["no_such_layer"])
except KeyError as error:
    print(error)
print(cap.next().ip.get("no_such_field"))
cap.close()
