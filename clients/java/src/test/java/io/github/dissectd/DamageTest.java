// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.dissectd.v1.ColumnBatch;
import io.github.dissectd.v1.DissectResponse;
import io.github.dissectd.v1.FrameBatch;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shortens the tables of batches. */
class DamageTest {
  static List<Consumer<FrameBatch.Builder>> damages() {
    return List.of(
        FrameBatch.Builder::clearStrings,
        FrameBatch.Builder::clearByteStrings,
        FrameBatch.Builder::clearNodeTemplates,
        FrameBatch.Builder::clearFields,
        batch -> batch.getFramesBuilder(0).getTreeBuilder().clearUint32Values(),
        batch -> batch.getFramesBuilder(0).getTreeBuilder().clearTimeNanos(),
        batch -> batch.getFramesBuilder(0).clearSources(),
        batch -> batch.getFramesBuilder(0).getSourcesBuilder(0).clearData());
  }

  @ParameterizedTest
  @MethodSource("damages")
  void damagedBatchesAreErrors(Consumer<FrameBatch.Builder> damage) throws IOException {
    for (DissectResponse response : ConformanceTest.stream("tree-bytes")) {
      if (response.hasBatch()) {
        FrameBatch.Builder batch = response.getBatch().toBuilder();
        damage.accept(batch);
        assertThrows(DissectdException.class, () -> new Decoder().frames(batch.build()));
      }
    }
  }

  static List<Consumer<ColumnBatch.Builder>> columnDamages() {
    return List.of(
        ColumnBatch.Builder::clearStrings,
        ColumnBatch.Builder::clearFrameNumbers,
        batch -> batch.getFieldsBuilder(0).clearByteData(),
        batch -> batch.getFieldsBuilder(0).clearCounts());
  }

  @ParameterizedTest
  @MethodSource("columnDamages")
  void damagedColumnsAreErrors(Consumer<ColumnBatch.Builder> damage) throws IOException {
    for (DissectResponse response : ConformanceTest.stream("columnar-dns")) {
      if (response.hasColumnBatch()) {
        ColumnBatch.Builder batch = response.getColumnBatch().toBuilder();
        damage.accept(batch);
        assertThrows(DissectdException.class, () -> ColumnFrames.of(batch.build()));
      }
    }
  }
}
