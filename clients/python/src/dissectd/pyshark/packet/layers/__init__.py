# SPDX-License-Identifier: Apache-2.0
"""Layers of packets, with pyshark's names."""
