// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/** An OSI system identifier. */
public record SystemId(ByteString bytes) {
  @Override
  public String toString() {
    int size = bytes.size();
    if (size == 0 || size > 15) {
      return "<Invalid length of SYSTEM ID>";
    }
    if (size < 4) {
      return hex(0, size);
    }
    if (size < 6 || size > 8) {
      return hex(0, 4) + "." + hex(4, size);
    }
    String six = hex(0, 2) + "." + hex(2, 4) + "." + hex(4, 6);
    String seven = size > 6 ? six + "." + hex(6, 7) : six;
    return size > 7 ? seven + "-" + hex(7, 8) : seven;
  }

  private String hex(int from, int to) {
    return HexFormat.of().formatHex(bytes.toByteArray(), from, to);
  }
}
