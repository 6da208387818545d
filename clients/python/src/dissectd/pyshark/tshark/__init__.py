# SPDX-License-Identifier: Apache-2.0
"""What pyshark asks tshark for, from the daemon."""
