// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * An ASN.1 object identifier.
 *
 * @param ber its encoding in BER
 * @param relative whether it is one that follows another
 */
public record ObjectIdentifier(ByteString ber, boolean relative) {
  private static final long MOST = 0xffffffffL;

  @Override
  public String toString() {
    List<Long> parts = parts();
    if (relative) {
      return joined(parts, ".");
    }
    if (parts.isEmpty()) {
      return "0";
    }
    // The first number holds the first two parts.
    long root = Long.compareUnsigned(parts.get(0), 80) >= 0 ? 2 : parts.get(0) / 40;
    parts.set(0, parts.get(0) - root * 40);
    parts.add(0, root);
    return joined(parts, "");
  }

  /** Returns BER's base-128 numbers. Bytes after the last complete one do not count. */
  private List<Long> parts() {
    List<Long> parts = new ArrayList<>();
    long part = 0;
    for (byte next : ber) {
      part = part << 7 | (next & 0x7f);
      if (next >= 0) {
        parts.add(part);
        part = 0;
      }
    }
    return parts;
  }

  /** Returns no text if a part exceeds 32 bits, as Wireshark does. */
  private static String joined(List<Long> parts, String before) {
    StringBuilder text = new StringBuilder();
    for (long part : parts) {
      if (part < 0 || part > MOST) {
        return "";
      }
      text.append(text.isEmpty() ? before : ".").append(part);
    }
    return text.toString();
  }
}
