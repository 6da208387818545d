// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A frame of a capture, with the parts that the view asked for.
 *
 * @param number its number in the capture, from 1
 * @param time when it was captured, if the capture tells
 * @param capturedLength the bytes that were captured
 * @param originalLength the bytes on the wire
 * @param columns the text of each column of the view
 * @param fields all occurrences of the view's fields, in the order of the tree
 * @param tree the nodes of the protocol tree: the children of a node follow it with a depth of one
 *     more
 * @param sources the bytes in which nodes have positions; the first is the frame
 * @param coloringRule the number of a rule of the stream's header, from 1; 0 if there is none
 */
public record Frame(
    int number,
    Optional<Instant> time,
    int capturedLength,
    int originalLength,
    List<String> columns,
    List<Node> fields,
    List<Node> tree,
    List<Source> sources,
    int coloringRule) {

  /** Returns all occurrences of a field or protocol, from the fields and then the tree. */
  public Stream<Node> nodes(String name) {
    return Stream.of(fields, tree).flatMap(List::stream).filter(node -> node.name().equals(name));
  }

  /** Returns whether a field or protocol occurs. */
  public boolean has(String name) {
    return nodes(name).findFirst().isPresent();
  }

  /** Returns the first value of a field, if it has one of this type. */
  public <T> Optional<T> value(String name, Class<T> type) {
    return nodes(name).findFirst().flatMap(node -> node.value(type));
  }

  /** Returns the text of the first value of a field; empty if it doesn't occur. */
  public String text(String name) {
    return nodes(name).findFirst().map(node -> Values.text(node.value())).orElse("");
  }
}
