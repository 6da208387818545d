// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.github.dissectd.v1.GetServerInfoRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A dissectd of a test, which serves a copy of the project's captures. */
final class Daemon implements AutoCloseable {
  private static final Path CAPTURES = Path.of("../../tests/captures");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path folder;
  private final Process process;

  Daemon(Path folder, String... options) throws IOException, InterruptedException {
    this.folder = folder;
    Files.createDirectories(store());
    try (Stream<Path> captures = Files.list(CAPTURES)) {
      for (Path capture : captures.filter(Files::isRegularFile).toList()) {
        Files.copy(capture, store().resolve(capture.getFileName()));
      }
    }
    List<String> command = new ArrayList<>(List.of(System.getenv("DISSECTD")));
    command.addAll(List.of("--listen=" + address(), "--store=" + store()));
    command.addAll(List.of(options));
    this.process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    waitUntilItAnswers();
  }

  String address() {
    return "unix:" + folder.resolve("socket");
  }

  Path store() {
    return folder.resolve("store");
  }

  Dissectd connect() {
    return Dissectd.connect(address());
  }

  private void waitUntilItAnswers() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end) && process.isAlive()) {
      // A channel waits longer and longer before it tries again; a new one doesn't.
      try (Dissectd dissectd = connect()) {
        dissectd.server().getServerInfo(GetServerInfoRequest.getDefaultInstance());
        return;
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != io.grpc.Status.Code.UNAVAILABLE) {
          return;
        }
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    throw new IllegalStateException(
        "dissectd doesn't answer:\n" + Files.readString(folder.resolve("log")));
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
