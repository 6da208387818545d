// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of the Internet, as Wireshark writes them. */
final class Addresses {
  private static final int GROUPS = 8;

  private Addresses() {}

  /** Returns an address; one of IPv6 stays one even if it stands for one of IPv4. */
  static InetAddress of(byte[] bytes) {
    try {
      return bytes.length == 4
          ? InetAddress.getByAddress(bytes)
          : Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static String text(InetAddress address) {
    return address instanceof Inet4Address
        ? address.getHostAddress()
        : text6(address.getAddress());
  }

  /** Returns what C's inet_ntop does: RFC 5952, with IPv4 in the end of some addresses. */
  private static String text6(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }
    int first = 0;
    int length = 1;
    for (int start = 0; start < GROUPS; start++) {
      int end = start;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - start > length) {
        first = start;
        length = end - start;
      }
    }
    boolean mixed = first == 0 && (length == 6 || length == 5 && groups[5] == 0xffff);
    String tail = mixed ? text(of(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]})) : "";
    int last = mixed ? 6 : GROUPS;
    if (length < 2) {
      return joined(groups, 0, last) + tail;
    }
    String rest = joined(groups, first + length, last);
    return joined(groups, 0, first) + "::" + (mixed && !rest.isEmpty() ? rest + ":" : rest) + tail;
  }

  private static String joined(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i > from ? ":" : "").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
