// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.github.dissectd.v1.DissectResponse;
import io.github.dissectd.v1.PlainFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decodes the streams that all clients must decode. */
class ConformanceTest {
  static final Path VECTORS = Path.of("../conformance/vectors");

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(VECTORS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".stream"))
          .map(name -> name.replace(".stream", ""))
          .sorted()
          .toList();
    }
  }

  static List<DissectResponse> stream(String name) throws IOException {
    List<DissectResponse> responses = new ArrayList<>();
    try (InputStream file = Files.newInputStream(VECTORS.resolve(name + ".stream"))) {
      DissectResponse response;
      while ((response = DissectResponse.parseDelimitedFrom(file)) != null) {
        responses.add(response);
      }
    }
    assertFalse(responses.isEmpty());
    return responses;
  }

  @ParameterizedTest
  @MethodSource("names")
  void streamsDecodeAsExpected(String name) throws IOException {
    JsonElement expected = JsonParser.parseString(Files.readString(VECTORS.resolve(name + ".json")));
    if (name.startsWith("columnar-")) {
      compareColumns(stream(name), expected.getAsJsonObject());
    } else {
      compareFrames(stream(name), expected.getAsJsonArray());
    }
  }

  private static void compareFrames(List<DissectResponse> responses, JsonArray expected)
      throws InvalidProtocolBufferException {
    Decoder decoder = new Decoder();
    List<Frame> frames =
        responses.stream().flatMap(r -> decoder.frames(r.getBatch()).stream()).toList();
    assertEquals(expected.size(), frames.size());
    for (int i = 0; i < frames.size(); i++) {
      PlainFrame.Builder want = PlainFrame.newBuilder();
      JsonFormat.parser().merge(expected.get(i).toString(), want);
      PlainFrame got = PlainForm.of(frames.get(i));
      for (int node = 0; node < Math.min(got.getTreeCount(), want.getTreeCount()); node++) {
        assertEquals(want.getTree(node), got.getTree(node));
      }
      assertEquals(want.build(), got);
    }
  }

  private static void compareColumns(List<DissectResponse> responses, JsonObject expected) {
    List<ColumnFrames> batches =
        responses.stream()
            .filter(DissectResponse::hasColumnBatch)
            .map(response -> ColumnFrames.of(response.getColumnBatch()))
            .toList();
    JsonArray numbers = new JsonArray();
    batches.forEach(batch -> batch.numbers().forEach(numbers::add));
    assertEquals(expected.get("frames"), numbers);
    JsonArray fields = expected.getAsJsonArray("fields");
    for (int i = 0; i < fields.size(); i++) {
      compareField(batches, i, fields.get(i).getAsJsonObject());
    }
    JsonArray columns = expected.getAsJsonArray("columns");
    for (int i = 0; i < columns.size(); i++) {
      JsonArray texts = new JsonArray();
      for (ColumnFrames batch : batches) {
        batch.columns().get(i).forEach(texts::add);
      }
      assertEquals(columns.get(i), texts);
    }
    for (ColumnFrames batch : batches) {
      assertEquals(fields.size(), batch.fields().size());
      assertEquals(columns.size(), batch.columns().size());
    }
  }

  private static void compareField(List<ColumnFrames> batches, int i, JsonObject expected) {
    JsonArray values = new JsonArray();
    JsonArray truncated = new JsonArray();
    int before = 0;
    for (ColumnFrames batch : batches) {
      ColumnValues column = batch.fields().get(i);
      assertEquals(expected.get("name").getAsString(), column.name());
      for (int frame = 0; frame < batch.numbers().size(); frame++) {
        JsonArray ofFrame = new JsonArray();
        column.of(frame).forEach(value -> ofFrame.add(PlainForm.json(value)));
        values.add(ofFrame);
      }
      for (int index : column.sent().getTruncatedIndexesList()) {
        truncated.add(before + index);
      }
      before += column.size();
    }
    assertEquals(expected.get("values"), values, column(expected));
    assertEquals(expected.get("truncated"), truncated, column(expected));
  }

  private static String column(JsonObject expected) {
    return expected.get("name").getAsString();
  }
}
