// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import java.util.Arrays;
import java.util.HexFormat;

/** A MAC-48 or EUI-64 address, or another one that is written with colons. */
public final class HardwareAddress {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private final byte[] bytes;

  /** Makes an address of any number of bytes. */
  public HardwareAddress(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** Returns the bytes, in network order. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return COLONS.formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HardwareAddress address && Arrays.equals(bytes, address.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
