// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

/** The number of an IPX network. */
public record IpxNetwork(int number) {
  @Override
  public String toString() {
    return String.format("0x%08x", number);
  }
}
