// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import io.github.dissectd.v1.FieldColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The values of a field in all frames of a batch. */
public final class ColumnValues {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final FieldColumn sent;
  private final List<String> strings;
  private final int[] offsets;
  private final int[] byteStarts;

  ColumnValues(FieldColumn sent, List<String> strings, int frames) {
    this.sent = sent;
    this.strings = strings;
    this.offsets = offsets(sent, frames);
    this.byteStarts = byteStarts(sent);
    check();
  }

  /** Checks that there are as many values as the counts say, with all that they refer to. */
  private void check() {
    int values =
        switch (sent.getValueKind()) {
          case COLUMN_VALUE_KIND_UINT32 -> sent.getUint32ValuesCount();
          case COLUMN_VALUE_KIND_UINT64 -> sent.getUint64ValuesCount();
          case COLUMN_VALUE_KIND_SINT32 -> sent.getSint32ValuesCount();
          case COLUMN_VALUE_KIND_SINT64, COLUMN_VALUE_KIND_NANOSECONDS ->
              sent.getSint64ValuesCount();
          case COLUMN_VALUE_KIND_DOUBLE -> sent.getDoubleValuesCount();
          case COLUMN_VALUE_KIND_STRING -> sent.getStringIndexesCount();
          case COLUMN_VALUE_KIND_BYTES -> byteStarts.length - 1;
          default -> size();
        };
    if (values != size()) {
      throw new IndexOutOfBoundsException(name() + " has " + values + " values, not " + size());
    }
    sent.getStringIndexesList().forEach(strings::get);
    Objects.checkFromToIndex(0, byteStarts[byteStarts.length - 1], sent.getByteData().size());
  }

  /** Returns the name of the field. */
  public String name() {
    return sent.getName();
  }

  /** Returns the arrays as they were sent, for programs that copy them as a whole. */
  public FieldColumn sent() {
    return sent;
  }

  /** Returns the number of values in all frames. */
  public int size() {
    return offsets[offsets.length - 1];
  }

  /** Returns the values of a frame, by its index in the batch, in the types of Node.value. */
  public List<Object> of(int frame) {
    List<Object> values = new ArrayList<>();
    for (int i = offsets[frame]; i < offsets[frame + 1]; i++) {
      values.add(value(i));
    }
    return values;
  }

  private Object value(int i) {
    return switch (sent.getValueKind()) {
      case COLUMN_VALUE_KIND_UINT32 ->
          Values.unsigned(sent.getType(), Integer.toUnsignedLong(sent.getUint32Values(i)));
      case COLUMN_VALUE_KIND_UINT64 -> Values.unsigned(sent.getType(), sent.getUint64Values(i));
      case COLUMN_VALUE_KIND_SINT32 -> (long) sent.getSint32Values(i);
      case COLUMN_VALUE_KIND_SINT64 -> sent.getSint64Values(i);
      case COLUMN_VALUE_KIND_DOUBLE -> sent.getDoubleValues(i);
      case COLUMN_VALUE_KIND_STRING -> strings.get(sent.getStringIndexes(i));
      case COLUMN_VALUE_KIND_BYTES -> {
        ByteString bytes = sent.getByteData().substring(byteStarts[i], byteStarts[i + 1]);
        yield Values.bytes(sent.getType(), bytes);
      }
      case COLUMN_VALUE_KIND_NANOSECONDS -> {
        long nanos = sent.getSint64Values(i);
        int rest = (int) (nanos % NANOS_PER_SECOND);
        yield Values.time(sent.getType(), nanos / NANOS_PER_SECOND, rest);
      }
      default -> null;
    };
  }

  /** Returns the sums of the counts, which are left out if all are 1. */
  private static int[] offsets(FieldColumn sent, int frames) {
    int[] sums = new int[frames + 1];
    for (int i = 0; i < frames; i++) {
      sums[i + 1] = sums[i] + (sent.getCountsCount() == 0 ? 1 : sent.getCounts(i));
    }
    return sums;
  }

  private static int[] byteStarts(FieldColumn sent) {
    boolean fixed = sent.getByteLengthsCount() == 0 && sent.getByteWidth() > 0;
    int values =
        fixed ? sent.getByteData().size() / sent.getByteWidth() : sent.getByteLengthsCount();
    int[] starts = new int[values + 1];
    for (int i = 0; i < values; i++) {
      starts[i + 1] = starts[i] + (fixed ? sent.getByteWidth() : sent.getByteLengths(i));
    }
    return starts;
  }
}
