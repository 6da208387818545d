// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import io.github.dissectd.v1.DataSource;
import io.github.dissectd.v1.Field;
import io.github.dissectd.v1.FieldDefinition;
import io.github.dissectd.v1.FrameBatch;
import io.github.dissectd.v1.NodeList;
import io.github.dissectd.v1.NodeTemplate;
import io.github.dissectd.v1.ValueKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resolves frames of the compact form. A stream needs one of its own, which gets all batches in
 * their order.
 */
public final class Decoder {
  private final Map<Integer, Field> fields = new HashMap<>();

  /**
   * Returns the frames of a batch.
   *
   * @throws DissectdException if the batch is damaged
   */
  public List<Frame> frames(FrameBatch batch) {
    for (FieldDefinition definition : batch.getFieldsList()) {
      fields.put(definition.getId(), definition.getField());
    }
    List<Frame> frames = new ArrayList<>(batch.getFramesCount());
    for (io.github.dissectd.v1.Frame sent : batch.getFramesList()) {
      try {
        frames.add(new FrameReader(batch, sent).frame());
      } catch (IndexOutOfBoundsException e) {
        throw DissectdException.damaged("frame " + sent.getNumber() + " is damaged", e);
      }
    }
    return frames;
  }

  private final class FrameReader {
    private final FrameBatch batch;
    private final io.github.dissectd.v1.Frame sent;

    FrameReader(FrameBatch batch, io.github.dissectd.v1.Frame sent) {
      this.batch = batch;
      this.sent = sent;
    }

    Frame frame() {
      List<Node> occurrences = nodes(sent.getFields());
      for (int i = 0; i < occurrences.size(); i++) {
        occurrences.get(i).setLayer(sent.getFields().getLayers(i));
      }
      List<Node> tree = nodes(sent.getTree());
      countLayers(tree);
      return new Frame(
          sent.getNumber(),
          time(),
          sent.getCapturedLength(),
          sent.getOriginalLength(),
          sent.getColumnIndexesList().stream().map(this::text).toList(),
          occurrences,
          tree,
          sent.getSourcesList().stream().map(this::source).toList(),
          sent.getColoringRule());
    }

    private Optional<Instant> time() {
      return sent.hasTime()
          ? Optional.of(Values.instant(sent.getTime().getSeconds(), sent.getTime().getNanos()))
          : Optional.empty();
    }

    private Source source(DataSource source) {
      return new Source(text(source.getNameIndex()), source.getData(), source.getLength());
    }

    /** Counts top nodes. Layer 1 is the protocol frame, even in trees that don't begin with it. */
    private void countLayers(List<Node> tree) {
      int layer = tree.isEmpty() || tree.get(0).name().equals("frame") ? 0 : 1;
      for (Node node : tree) {
        layer += node.depth() == 0 ? 1 : 0;
        node.setLayer(layer);
      }
    }

    private List<Node> nodes(NodeList list) {
      List<Node> nodes = new ArrayList<>(list.getTemplateIndexesCount());
      Positions next = new Positions();
      int start = 0;
      for (int i = 0; i < list.getTemplateIndexesCount(); i++) {
        NodeTemplate template = batch.getNodeTemplates(list.getTemplateIndexes(i));
        Field field = fields.get(template.getFieldId());
        if (field == null) {
          throw new IndexOutOfBoundsException("a field isn't defined");
        }
        start += template.getStartChange();
        String label = label(template, list, next);
        nodes.add(new Node(field, template, start, value(template, list, next, start), label));
      }
      return nodes;
    }

    private String label(NodeTemplate template, NodeList list, Positions next) {
      return switch (template.getLabelForm()) {
        case LABEL_FORM_COMPUTED, LABEL_FORM_CUSTOM -> text(list.getLabelIndexes(next.label++));
        case LABEL_FORM_DERIVED -> text(template.getLabelSuffixIndex());
        default -> "";
      };
    }

    private Node.Raw value(NodeTemplate template, NodeList list, Positions next, int start) {
      ValueKind kind = template.getValueKind();
      return switch (kind) {
        case VALUE_KIND_UINT32 ->
            Node.Raw.number(Integer.toUnsignedLong(list.getUint32Values(next.uint32++)));
        case VALUE_KIND_UINT64 -> Node.Raw.number(list.getUint64Values(next.uint64++));
        case VALUE_KIND_SINT32 -> Node.Raw.number(list.getSint32Values(next.sint32++));
        case VALUE_KIND_SINT64 -> Node.Raw.number(list.getSint64Values(next.sint64++));
        case VALUE_KIND_DOUBLE -> Node.Raw.floating(list.getDoubleValues(next.floating++));
        case VALUE_KIND_STRING -> Node.Raw.text(text(list.getStringIndexes(next.text++)));
        case VALUE_KIND_BYTES -> Node.Raw.bytes(bytes(list.getByteStringIndexes(next.bytes++)));
        case VALUE_KIND_TIME -> {
          int i = next.time++;
          yield Node.Raw.time(list.getTimeSeconds(i), list.getTimeNanos(i));
        }
        case VALUE_KIND_SOURCE_BYTES -> {
          ByteString data = sent.getSources(template.getSourceNumber() - 1).getData();
          yield Node.Raw.bytes(data.substring(start, start + template.getLength()));
        }
        default -> Node.Raw.NONE;
      };
    }

    /** Returns a string of the batch. Entry 0 is empty, even if there are none. */
    private String text(int index) {
      return index == 0 ? "" : batch.getStrings(index);
    }

    private ByteString bytes(int index) {
      return index == 0 ? ByteString.EMPTY : batch.getByteStrings(index);
    }
  }

  /** The positions of the next elements in the arrays of a NodeList. */
  private static final class Positions {
    private int label;
    private int uint32;
    private int uint64;
    private int sint32;
    private int sint64;
    private int floating;
    private int text;
    private int bytes;
    private int time;
  }
}
