// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import io.github.dissectd.v1.Field;
import io.github.dissectd.v1.FieldDisplay;
import io.github.dissectd.v1.LabelForm;
import io.github.dissectd.v1.NodeFlag;
import io.github.dissectd.v1.NodeTemplate;
import io.github.dissectd.v1.ValueKind;
import java.util.Optional;

/** A node of a protocol tree, or an occurrence of a field. */
public final class Node {
  private final Field field;
  private final NodeTemplate template;
  private final int start;
  private final Raw raw;
  private final String label;
  private int layer;

  Node(Field field, NodeTemplate template, int start, Raw raw, String label) {
    this.field = field;
    this.template = template;
    this.start = start;
    this.raw = raw;
    this.label = label;
  }

  /** A value as it was sent; the kind of the template says which parts have it. */
  record Raw(long number, int nanos, double floating, String text, ByteString bytes) {
    static final Raw NONE = new Raw(0, 0, 0, "", ByteString.EMPTY);

    static Raw number(long number) {
      return new Raw(number, 0, 0, "", ByteString.EMPTY);
    }

    static Raw floating(double floating) {
      return new Raw(0, 0, floating, "", ByteString.EMPTY);
    }

    static Raw text(String text) {
      return new Raw(0, 0, 0, text, ByteString.EMPTY);
    }

    static Raw bytes(ByteString bytes) {
      return new Raw(0, 0, 0, "", bytes);
    }

    static Raw time(long seconds, int nanos) {
      return new Raw(seconds, nanos, 0, "", ByteString.EMPTY);
    }
  }

  void setLayer(int layer) {
    this.layer = layer;
  }

  /** Returns the field: its name, type and so on. */
  public Field field() {
    return field;
  }

  /** Returns the name in display filters, for example {@code ip.src}. */
  public String name() {
    return field.getName();
  }

  /** Returns its depth in the tree, from 0. */
  public int depth() {
    return template.getDepth();
  }

  /**
   * Returns the number of the top node that it belongs to, which tells apart two requests in one
   * frame, for example.
   */
  public int layer() {
    return layer;
  }

  /** Returns the offset of its first byte in its source. */
  public int start() {
    return start;
  }

  /** Returns the number of its bytes. */
  public int length() {
    return template.getLength();
  }

  /** Returns the number of its source, from 1; 0 if it has none. */
  public int source() {
    return template.getSourceNumber();
  }

  /** Returns what else the daemon says, such as the severity of expert information. */
  public NodeTemplate template() {
    return template;
  }

  /** Returns whether it has a flag. */
  public boolean has(NodeFlag flag) {
    return (template.getFlags() & flag.getNumber()) != 0;
  }

  /**
   * Returns the value, or null if it has none, as protocols: a Boolean, Long, BigInteger (beyond
   * 63 bits), Double, String, byte[], InetAddress, HardwareAddress, Instant, Duration, UUID,
   * ObjectIdentifier, SystemId or IpxNetwork.
   */
  public Object value() {
    return switch (template.getValueKind()) {
      case VALUE_KIND_UINT32, VALUE_KIND_UINT64 -> Values.unsigned(field.getType(), raw.number());
      case VALUE_KIND_SINT32, VALUE_KIND_SINT64 -> raw.number();
      case VALUE_KIND_DOUBLE -> raw.floating();
      case VALUE_KIND_STRING -> raw.text();
      case VALUE_KIND_BYTES, VALUE_KIND_SOURCE_BYTES -> Values.bytes(field.getType(), raw.bytes());
      case VALUE_KIND_TIME -> Values.time(field.getType(), raw.number(), raw.nanos());
      default -> null;
    };
  }

  /** Returns the value if it is of this type. */
  public <T> Optional<T> value(Class<T> type) {
    return Optional.ofNullable(value()).filter(type::isInstance).map(type::cast);
  }

  /**
   * Returns the text that Wireshark shows, without the brackets around generated nodes, if the view
   * asked for labels.
   */
  public Optional<String> label() {
    if (template.getLabelForm() == LabelForm.LABEL_FORM_UNSPECIFIED) {
      return Optional.empty();
    }
    if (template.getLabelForm() != LabelForm.LABEL_FORM_DERIVED) {
      return Optional.of(label);
    }
    String name = field.getDisplayName();
    return Optional.of(
        template.getValueKind() == ValueKind.VALUE_KIND_UNSPECIFIED
            ? name
            : name + ": " + derivedValue() + label);
  }

  private String derivedValue() {
    return switch (template.getValueKind()) {
      case VALUE_KIND_UINT32 -> derivedNumber();
      case VALUE_KIND_TIME -> seconds();
      default -> Values.text(value());
    };
  }

  private String derivedNumber() {
    String decimal = Long.toString(raw.number());
    int digits =
        switch (field.getType()) {
          case FIELD_TYPE_UINT8 -> 2;
          case FIELD_TYPE_UINT16 -> 4;
          case FIELD_TYPE_UINT24 -> 6;
          default -> 8;
        };
    String hexadecimal = String.format("0x%0" + digits + "x", raw.number());
    FieldDisplay display = field.getDisplay();
    return switch (display) {
      case FIELD_DISPLAY_HEX -> hexadecimal;
      case FIELD_DISPLAY_HEX_DEC -> hexadecimal + " (" + decimal + ")";
      case FIELD_DISPLAY_DEC_HEX -> decimal + " (" + hexadecimal + ")";
      default -> decimal;
    };
  }

  /** Writes the sign first, which stands for both parts. */
  private String seconds() {
    String sign = raw.number() < 0 || raw.nanos() < 0 ? "-" : "";
    return String.format(
        "%s%d.%09d seconds", sign, Math.abs(raw.number()), Math.abs(raw.nanos()));
  }
}
