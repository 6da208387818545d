// SPDX-License-Identifier: Apache-2.0

import io.github.dissectd.Dissectd;
import io.github.dissectd.FilterException;
import io.github.dissectd.Frame;
import io.github.dissectd.Node;
import io.github.dissectd.v1.FrameRange;
import io.github.dissectd.v1.Interface;
import io.github.dissectd.v1.ListInterfacesRequest;
import io.github.dissectd.v1.StopConditions;
import io.github.dissectd.v1.StreamChunk;
import io.github.dissectd.v1.TreeDetail;
import io.github.dissectd.v1.View;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What people do most often with the daemon: {@code Jobs JOB ARGUMENT...}. DISSECTD_SERVER has the
 * daemon's address.
 */
public final class Jobs {
  private final Dissectd dissectd;

  private Jobs(Dissectd dissectd) {
    this.dissectd = dissectd;
  }

  private void count(String file) {
    // [job count]
    View view = View.newBuilder().setColumns(Dissectd.columns("%p")).build();
    dissectd.read(file, view).stream()
        .map(frame -> frame.columns().get(0))
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()))
        .forEach((name, count) -> System.out.println(name + " " + count));
    // [end]
  }

  private void dns(String file) {
    // [job dns]
    View view =
        View.newBuilder()
            .setDisplayFilter("dns")
            .setColumns(Dissectd.columns("%s", "%d", "%i"))
            .build();
    for (Frame frame : dissectd.read(file, view)) {
      System.out.println(json("src", "dst", "info", frame.columns()));
    }
    // [end]
  }

  private void http(String file) {
    // [job http]
    View view =
        View.newBuilder()
            .setDisplayFilter("http.request")
            .addFields("http.host")
            .addFields("http.request.uri")
            .build();
    for (Frame frame : dissectd.read(file, view)) {
      Instant time = frame.time().orElseThrow();
      System.out.printf(
          "%d.%09d %s %s%n",
          time.getEpochSecond(),
          time.getNano(),
          frame.text("http.host"),
          frame.text("http.request.uri"));
    }
    // [end]
  }

  private void tree(String file, int number) {
    // [job tree]
    FrameRange range = FrameRange.newBuilder().setFirstFrame(number).setLastFrame(number).build();
    View view =
        View.newBuilder()
            .setTree(TreeDetail.TREE_DETAIL_FULL)
            .setLabels(true)
            .setRange(range)
            .build();
    for (Frame frame : dissectd.read(file, view)) {
      for (Node node : frame.tree()) {
        System.out.println("  ".repeat(node.depth()) + node.label().orElse(""));
      }
    }
    // [end]
  }

  private void follow(String file, String follower, int stream) {
    // [job follow]
    for (StreamChunk chunk : dissectd.follow(file, follower, stream)) {
      if (chunk.getFromServer()) {
        System.out.print(HexFormat.of().formatHex(chunk.getData().toByteArray()));
      }
    }
    System.out.println();
    // [end]
  }

  private void live(String port) {
    // [job live]
    StopConditions five = StopConditions.newBuilder().setPackets(5).build();
    String capture = dissectd.startCapture("lo", "udp port " + port, five);
    View view = View.newBuilder().addFields("udp.srcport").addFields("udp.dstport").build();
    for (Frame frame : dissectd.live(capture, view)) {
      System.out.println(
          frame.text("udp.srcport")
              + (" " + frame.text("udp.dstport") + " " + frame.originalLength()));
    }
    // The frames end when the capture does.
    System.out.println("stopped");
    // [end]
  }

  private void interfaces() {
    // [job interfaces]
    for (Interface device :
        dissectd
            .captures()
            .listInterfaces(ListInterfacesRequest.getDefaultInstance())
            .getInterfacesList()) {
      System.out.println(device.getName() + " " + String.join(",", device.getAddressesList()));
    }
    // [end]
  }

  private void wrongFilter(String filter) {
    // [job wrong-filter]
    try {
      dissectd.checkFilter(filter);
    } catch (FilterException wrong) {
      System.out.println(wrong.underline(filter));
      System.exit(2);
    }
    // [end]
  }

  private void upload(String local, String filter) throws IOException {
    // [job upload]
    String file = dissectd.upload(Path.of(local));
    try {
      View view = View.newBuilder().setDisplayFilter(filter).build();
      System.out.println(dissectd.read(file, view).stream().count());
    } finally {
      dissectd.delete(file);
    }
    // [end]
  }

  private void rates(String port, int seconds) {
    // [job rates]
    StopConditions never = StopConditions.getDefaultInstance();
    String capture = dissectd.startCapture("lo", "udp port " + port, never);
    dissectd.rates(capture).stream()
        .limit(seconds)
        .forEach(rate -> System.out.println(rate.getCounts().getPackets()));
    dissectd.stopCapture(capture);
    // [end]
  }

  /** Returns a JSON object. */
  private static String json(String a, String b, String c, java.util.List<String> values) {
    return "{%s:%s,%s:%s,%s:%s}"
        .formatted(
            quoted(a), quoted(values.get(0)),
            quoted(b), quoted(values.get(1)),
            quoted(c), quoted(values.get(2)));
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  private void run(String job, String... a) throws IOException {
    switch (job) {
      case "count" -> count(a[0]);
      case "dns" -> dns(a[0]);
      case "http" -> http(a[0]);
      case "tree" -> tree(a[0], Integer.parseInt(a[1]));
      case "follow" -> follow(a[0], a[1], Integer.parseInt(a[2]));
      case "live" -> live(a[0]);
      case "interfaces" -> interfaces();
      case "wrong-filter" -> wrongFilter(a[0]);
      case "upload" -> upload(a[0], a[1]);
      case "rates" -> rates(a[0], Integer.parseInt(a[1]));
      default -> throw new IllegalArgumentException("There is no job " + job);
    }
  }

  /** Runs a job. */
  public static void main(String[] arguments) throws IOException {
    try (Dissectd dissectd = Dissectd.connect()) {
      String[] rest = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
      new Jobs(dissectd).run(arguments[0], rest);
    }
  }
}
