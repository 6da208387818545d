# SPDX-License-Identifier: Apache-2.0
"""Packets, their layers and fields, with pyshark's names."""
