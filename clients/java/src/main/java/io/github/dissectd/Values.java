// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import io.github.dissectd.v1.FieldType;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** Values of fields in Java's types. */
public final class Values {
  private Values() {}

  /** Returns a value as text: addresses as Wireshark writes them, bytes in hexadecimal. */
  public static String text(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof InetAddress address) {
      return Addresses.text(address);
    }
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
  }

  static Object unsigned(FieldType type, long number) {
    return switch (type) {
      case FIELD_TYPE_BOOLEAN -> number != 0;
      case FIELD_TYPE_IPXNET -> new IpxNetwork((int) number);
      case FIELD_TYPE_EUI64 ->
          new HardwareAddress(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
      default -> number(number);
    };
  }

  /** Returns a Long if the number is small enough, else a BigInteger. */
  private static Number number(long unsigned) {
    if (unsigned >= 0) {
      return unsigned;
    }
    return new BigInteger(Long.toUnsignedString(unsigned));
  }

  static Object bytes(FieldType type, ByteString bytes) {
    return switch (type) {
      case FIELD_TYPE_IPV4 -> Addresses.of(sized(bytes, 4));
      case FIELD_TYPE_IPV6 -> Addresses.of(sized(bytes, 16));
      case FIELD_TYPE_GUID -> {
        ByteBuffer halves = ByteBuffer.wrap(sized(bytes, 16));
        yield new UUID(halves.getLong(), halves.getLong());
      }
      case FIELD_TYPE_OID -> new ObjectIdentifier(bytes, false);
      case FIELD_TYPE_REL_OID -> new ObjectIdentifier(bytes, true);
      case FIELD_TYPE_SYSTEM_ID -> new SystemId(bytes);
      case FIELD_TYPE_ETHER, FIELD_TYPE_VINES, FIELD_TYPE_AX25, FIELD_TYPE_FCWWN ->
          new HardwareAddress(bytes.toByteArray());
      default -> bytes.toByteArray();
    };
  }

  /** Returns the bytes, or zeros if they have another size, as Wireshark shows them. */
  private static byte[] sized(ByteString bytes, int size) {
    return bytes.size() == size ? bytes.toByteArray() : new byte[size];
  }

  static Object time(FieldType type, long seconds, int nanos) {
    return type == FieldType.FIELD_TYPE_ABSOLUTE_TIME
        ? instant(seconds, nanos)
        : Duration.ofSeconds(seconds, nanos);
  }

  /** Returns the nearest instant to a time; those of captures can be billions of years away. */
  static Instant instant(long seconds, int nanos) {
    if (seconds >= Instant.MAX.getEpochSecond()) {
      return Instant.MAX;
    }
    return seconds <= Instant.MIN.getEpochSecond()
        ? Instant.MIN
        : Instant.ofEpochSecond(seconds, nanos);
  }
}
