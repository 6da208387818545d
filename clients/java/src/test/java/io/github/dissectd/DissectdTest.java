// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dissectd.v1.ByteDetail;
import io.github.dissectd.v1.DissectRequest;
import io.github.dissectd.v1.GetFileRequest;
import io.github.dissectd.v1.GetServerInfoRequest;
import io.github.dissectd.v1.StreamChunk;
import io.github.dissectd.v1.TreeDetail;
import io.github.dissectd.v1.View;
import io.grpc.Context;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DissectdTest {
  @TempDir private static Path folder;
  private static Daemon daemon;
  private static Dissectd dissectd;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    daemon = new Daemon(folder.resolve("shared"));
    dissectd = daemon.connect();
  }

  @AfterAll
  static void stop() {
    dissectd.close();
    daemon.close();
  }

  /** Asks for more than gRPC's buffers hold, so that the daemon waits for its reader. */
  private static DissectRequest large() {
    View view =
        View.newBuilder()
            .setTree(TreeDetail.TREE_DETAIL_FULL)
            .setLabels(true)
            .setBytes(ByteDetail.BYTE_DETAIL_ALL_SOURCES)
            .build();
    return DissectRequest.newBuilder().setFile("files/redis.pcap").setView(view).build();
  }

  private static void readAll(Responses<Frame> frames) {
    frames.stream().forEach(frame -> {});
  }

  @Test
  void framesHaveTypedValues() {
    View view =
        View.newBuilder()
            .setDisplayFilter("dns.a")
            .addAllFields(List.of("udp.srcport", "dns.qry.name", "dns", "ip.src"))
            .build();
    try (Responses<Frame> frames = dissectd.read("dns.pcap", view)) {
      Frame frame = frames.iterator().next();
      assertEquals(Optional.of(53L), frame.value("udp.srcport", Long.class));
      assertEquals(Optional.of("www.example.org"), frame.value("dns.qry.name", String.class));
      assertEquals(Optional.empty(), frame.value("udp.srcport", String.class));
      assertTrue(frame.value("ip.src", Inet4Address.class).isPresent());
      assertEquals("192.0.2.2", frame.text("ip.src"));
      assertTrue(frame.has("dns"));
      assertFalse(frame.has("tcp"));
    }
  }

  @Test
  void errorsHaveTheirReason() {
    View view = View.getDefaultInstance();
    var error =
        assertThrows(DissectdException.class, () -> readAll(dissectd.read("no.pcap", view)));
    assertEquals("FILE_NOT_FOUND", error.reason());
    assertEquals(Status.Code.NOT_FOUND, error.code());
    GetFileRequest request = GetFileRequest.newBuilder().setName("files/no.pcap").build();
    error =
        assertThrows(
            DissectdException.class,
            () -> DissectdException.translating(() -> dissectd.files().getFile(request)));
    assertEquals("FILE_NOT_FOUND", error.reason());
  }

  @Test
  void wrongFiltersHaveAPlace() {
    String filter = "dns.qry.name == \"ä\" && ip.adr";
    View view = View.newBuilder().setDisplayFilter(filter).build();
    var read = assertThrows(FilterException.class, () -> readAll(dissectd.read("dns.pcap", view)));
    var check = assertThrows(FilterException.class, () -> dissectd.checkFilter(filter));
    for (FilterException error : List.of(read, check)) {
      String[] lines = error.underline(filter).split("\n");
      assertEquals("    " + filter, lines[1]);
      assertEquals("    " + " ".repeat(filter.indexOf("ip.adr")) + "^~~~~~", lines[2]);
    }
    dissectd.checkFilter("tcp");
  }

  @Test
  void framesBeforeDamageArrive() {
    int frames = 0;
    Iterator<Frame> iterator = dissectd.read("cut-short.pcap", View.getDefaultInstance()).iterator();
    for (; frames < 25; frames++) {
      assertTrue(iterator.hasNext());
      iterator.next();
    }
    var error = assertThrows(IncompleteException.class, iterator::hasNext);
    assertEquals("FILE_CUT_SHORT", error.readError().orElseThrow().reason());
  }

  @Test
  void cancellingEndsTheStream() {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Responses<Frame> frames;
      Context previous = context.attach();
      try {
        frames = dissectd.frames(large());
      } finally {
        context.detach(previous);
      }
      frames.iterator().next();
      context.cancel(null);
      var error = assertThrows(DissectdException.class, () -> readAll(frames));
      assertEquals(Status.Code.CANCELLED, error.code());
    }
  }

  @Test
  void aDaemonThatDiesEndsTheStreamWithAnError() throws IOException, InterruptedException {
    try (Daemon dying = new Daemon(folder.resolve("dying"));
        Dissectd client = dying.connect()) {
      Responses<Frame> frames = client.frames(large());
      frames.iterator().next();
      dying.kill();
      var error = assertThrows(DissectdException.class, () -> readAll(frames));
      assertEquals(Status.Code.UNAVAILABLE, error.code());
    }
  }

  @Test
  void aDaemonThatIsNotThereIsAnError() {
    try (Dissectd client = Dissectd.connect("unix:" + folder.resolve("nothing"))) {
      var error = assertThrows(DissectdException.class, () -> client.checkFilter("tcp"));
      assertEquals(Status.Code.UNAVAILABLE, error.code());
      assertEquals("", error.reason());
    }
  }

  @Test
  void tokensSayWhoCalls() throws IOException, InterruptedException {
    Path tokens = folder.resolve("tokens");
    Path token = folder.resolve("token");
    Process made =
        new ProcessBuilder(
                List.of(
                    System.getenv("DISSECTCTL"),
                    "token",
                    "create",
                    "ada",
                    "--append=" + tokens,
                    "--output=" + token))
            .inheritIO()
            .start();
    assertEquals(0, made.waitFor());
    String policy = "--policy=../../deploy/policy/everyone.json";
    try (Daemon guarded = new Daemon(folder.resolve("guarded"), "--token-file=" + tokens, policy)) {
      String secret =
          Files.readAllLines(token).stream().filter(l -> !l.startsWith("#")).findFirst().get();
      try (Dissectd ada = Dissectd.builder(guarded.address()).token(secret).connect()) {
        var info = ada.server().getServerInfo(GetServerInfoRequest.getDefaultInstance());
        assertTrue(info.toString().contains("ada"));
      }
      try (Dissectd stranger = Dissectd.builder(guarded.address()).token("wrong").connect()) {
        var error = assertThrows(DissectdException.class, () -> stranger.checkFilter("tcp"));
        assertEquals(Status.Code.UNAUTHENTICATED, error.code());
      }
    }
  }

  @Test
  void columnsHaveTheValuesOfManyFrames() {
    DissectRequest request =
        DissectRequest.newBuilder()
            .setFile("files/dns.pcap")
            .setView(View.newBuilder().addFields("udp.port"))
            .build();
    int frames = 0;
    for (ColumnFrames batch : dissectd.columnFrames(request)) {
      assertEquals(53L, batch.fields().get(0).of(0).get(1));
      frames += batch.numbers().size();
    }
    assertEquals(26, frames);
  }

  @Test
  void uploadsAreFoundAgainByHash() throws IOException {
    byte[] content = Files.readAllBytes(daemon.store().resolve("redis.pcap"));
    ByteArrayOutputStream large = new ByteArrayOutputStream();
    large.write(content);
    for (int i = 0; i < 10; i++) {
      large.write(content, 24, content.length - 24);
    }
    Path local = folder.resolve("large.pcap");
    Files.write(local, large.toByteArray());
    String first = dissectd.upload(local);
    Path stored = daemon.store().resolve(first.substring("files/".length()));
    assertArrayEquals(large.toByteArray(), Files.readAllBytes(stored));
    assertEquals(first, dissectd.upload(local));
    dissectd.delete(first);
    assertFalse(Files.exists(stored));
  }

  @Test
  void followSendsBothSides() throws IOException {
    Map<Boolean, ByteArrayOutputStream> sides =
        Map.of(true, new ByteArrayOutputStream(), false, new ByteArrayOutputStream());
    for (StreamChunk chunk : dissectd.follow("http1.pcap.gz", "tcp", 0)) {
      chunk.getData().writeTo(sides.get(chunk.getFromServer()));
    }
    assertTrue(sides.get(false).toString().startsWith("GET /"));
    assertTrue(sides.get(true).toString().startsWith("HTTP/1.1 "));
  }
}
