// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.dissectd.v1.FieldType;
import io.github.dissectd.v1.NodeFlag;
import io.github.dissectd.v1.PlainFrame;
import io.github.dissectd.v1.PlainNode;
import io.github.dissectd.v1.PlainSource;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;

/** Converts what was decoded into the plain form of the API, and into JSON. */
final class PlainForm {
  private static final long MOST_UINT32 = 0xffffffffL;

  private PlainForm() {}

  static PlainFrame of(Frame frame) {
    PlainFrame.Builder plain =
        PlainFrame.newBuilder()
            .setNumber(frame.number())
            .setCapturedLength(frame.capturedLength())
            .setOriginalLength(frame.originalLength())
            .addAllColumns(frame.columns())
            .setColoringRule(frame.coloringRule());
    frame.time().flatMap(PlainForm::timestamp).ifPresent(plain::setTime);
    frame.fields().forEach(node -> plain.addFields(of(node)));
    frame.tree().forEach(node -> plain.addTree(of(node)));
    for (Source source : frame.sources()) {
      plain.addSources(
          PlainSource.newBuilder()
              .setName(source.name())
              .setData(source.data())
              .setLength(source.length()));
    }
    return plain.build();
  }

  /** Returns nothing outside the years that the plain form can express. */
  private static Optional<Timestamp> timestamp(Instant time) {
    if (time.equals(Instant.MAX) || time.equals(Instant.MIN)) {
      return Optional.empty();
    }
    int year = time.atOffset(ZoneOffset.UTC).getYear();
    return year < 1 || year > 9999
        ? Optional.empty()
        : Optional.of(
            Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build());
  }

  private static PlainNode of(Node node) {
    PlainNode.Builder plain =
        PlainNode.newBuilder()
            .setName(node.name())
            .setDepth(node.depth())
            .setLayer(node.layer())
            .setSourceNumber(node.source())
            .setStart(node.start())
            .setLength(node.length())
            .setSeverity(node.template().getSeverity())
            .setExpertGroup(node.template().getExpertGroup())
            .setHidden(node.has(NodeFlag.NODE_FLAG_HIDDEN))
            .setGenerated(node.has(NodeFlag.NODE_FLAG_GENERATED))
            .setChildrenOmitted(node.has(NodeFlag.NODE_FLAG_CHILDREN_OMITTED))
            .setValueCut(node.has(NodeFlag.NODE_FLAG_VALUE_CUT));
    node.label().ifPresent(plain::setLabel);
    setValue(plain, node);
    return plain.build();
  }

  private static void setValue(PlainNode.Builder plain, Node node) {
    Object value = node.value();
    if (value == null) {
      return;
    }
    if (value instanceof Boolean truth) {
      plain.setBoolValue(truth);
    } else if (value instanceof Number number) {
      setNumber(plain, node.field().getType(), number);
    } else if (value instanceof String text) {
      plain.setStringValue(text);
    } else if (value instanceof byte[] bytes) {
      plain.setBytesValue(ByteString.copyFrom(bytes));
    } else if (value instanceof Instant time) {
      timestamp(time).ifPresent(plain::setTimeValue);
    } else if (value instanceof Duration duration) {
      setDuration(plain, duration);
    } else {
      plain.setAddressValue(Values.text(value));
    }
  }

  private static void setNumber(PlainNode.Builder plain, FieldType type, Number number) {
    long value = number.longValue();
    boolean signed = type.name().startsWith("FIELD_TYPE_INT");
    if (number instanceof Double floating) {
      // The parser of JSON makes 0 of -0.
      plain.setDoubleValue(floating + 0.0);
    } else if (signed && value == (int) value) {
      plain.setSint32Value((int) value);
    } else if (signed) {
      plain.setSint64Value(value);
    } else if (value >= 0 && value <= MOST_UINT32) {
      plain.setUint32Value((int) value);
    } else {
      plain.setUint64Value(value);
    }
  }

  /** Java's durations have positive nanoseconds, protobuf's the sign of the seconds. */
  private static void setDuration(PlainNode.Builder plain, Duration duration) {
    boolean borrow = duration.getSeconds() < 0 && duration.getNano() > 0;
    plain
        .getDurationValueBuilder()
        .setSeconds(duration.getSeconds() + (borrow ? 1 : 0))
        .setNanos(duration.getNano() - (borrow ? 1_000_000_000 : 0));
  }

  /** Returns a value of the columnar form as the vectors have it. */
  static JsonElement json(Object value) {
    if (value == null) {
      return JsonNull.INSTANCE;
    }
    if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    }
    if (value instanceof Double number) {
      return Double.isFinite(number)
          ? new JsonPrimitive(number)
          : new JsonPrimitive(number.toString());
    }
    if (value instanceof Long number) {
      return number >= Integer.MIN_VALUE && number <= MOST_UINT32
          ? new JsonPrimitive(number)
          : new JsonPrimitive(number.toString());
    }
    if (value instanceof byte[] bytes) {
      return new JsonPrimitive(Base64.getEncoder().encodeToString(bytes));
    }
    if (value instanceof Instant time) {
      return new JsonPrimitive(nanos(time.getEpochSecond(), time.getNano()));
    }
    if (value instanceof Duration duration) {
      return new JsonPrimitive(nanos(duration.getSeconds(), duration.getNano()));
    }
    return new JsonPrimitive(Values.text(value));
  }

  private static String nanos(long seconds, int nanos) {
    return BigInteger.valueOf(seconds)
        .multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(nanos))
        .toString();
  }
}
