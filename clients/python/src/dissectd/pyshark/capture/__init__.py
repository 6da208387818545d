# SPDX-License-Identifier: Apache-2.0
"""Captures with pyshark's names."""
