// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.github.dissectd.v1.ColumnBatch;
import java.util.List;

/**
 * The values of many frames, by field and column.
 *
 * @param numbers the number of each frame
 * @param fields the values of each field of the view
 * @param columns the texts of each column of the view, by frame
 */
public record ColumnFrames(
    List<Integer> numbers, List<ColumnValues> fields, List<List<String>> columns) {

  /**
   * Returns the content of a batch in the columnar form.
   *
   * @throws DissectdException if the batch is damaged
   */
  public static ColumnFrames of(ColumnBatch sent) {
    int frames = sent.getFrameNumbersCount();
    try {
      return new ColumnFrames(
          sent.getFrameNumbersList(),
          sent.getFieldsList().stream()
              .map(field -> new ColumnValues(field, sent.getStringsList(), frames))
              .toList(),
          sent.getColumnsList().stream()
              .map(column -> column.getStringIndexesList().stream().map(sent::getStrings).toList())
              .toList());
    } catch (IndexOutOfBoundsException e) {
      throw DissectdException.damaged("a batch of columns is damaged", e);
    }
  }
}
