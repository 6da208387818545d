// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.github.dissectd.v1.AnalysisServiceGrpc;
import io.github.dissectd.v1.AnalysisSource;
import io.github.dissectd.v1.CaptureOptions;
import io.github.dissectd.v1.CaptureServiceGrpc;
import io.github.dissectd.v1.Column;
import io.github.dissectd.v1.ColumnSelection;
import io.github.dissectd.v1.CompileFilterRequest;
import io.github.dissectd.v1.CompileFilterResponse;
import io.github.dissectd.v1.CreateCaptureRequest;
import io.github.dissectd.v1.DeleteFileRequest;
import io.github.dissectd.v1.DissectRequest;
import io.github.dissectd.v1.DissectResponse;
import io.github.dissectd.v1.DissectionServiceGrpc;
import io.github.dissectd.v1.ExportServiceGrpc;
import io.github.dissectd.v1.FileServiceGrpc;
import io.github.dissectd.v1.FilterDiagnostic;
import io.github.dissectd.v1.FilterServiceGrpc;
import io.github.dissectd.v1.FollowStreamRequest;
import io.github.dissectd.v1.FollowStreamResponse;
import io.github.dissectd.v1.Form;
import io.github.dissectd.v1.InterfaceOptions;
import io.github.dissectd.v1.PreferenceServiceGrpc;
import io.github.dissectd.v1.RegistryServiceGrpc;
import io.github.dissectd.v1.ServerServiceGrpc;
import io.github.dissectd.v1.SessionServiceGrpc;
import io.github.dissectd.v1.StopCaptureRequest;
import io.github.dissectd.v1.StopConditions;
import io.github.dissectd.v1.StreamChunk;
import io.github.dissectd.v1.View;
import io.github.dissectd.v1.WatchCaptureStatisticsRequest;
import io.github.dissectd.v1.WatchCaptureStatisticsResponse;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A connection to a daemon, which any number of threads can use.
 *
 * <p>What the methods of this class throw is a {@link DissectdException}. The services of the
 * generated package have everything else; {@link DissectdException#translating} is for their
 * errors.
 */
public final class Dissectd implements AutoCloseable {
  private final Connection connection;
  private final Channel channel;

  Dissectd(Connection connection) {
    this.connection = connection;
    this.channel = connection.channel();
  }

  /** Connects to the daemon of the variable DISSECTD_SERVER, or else to localhost:50051. */
  public static Dissectd connect() {
    return builder("").connect();
  }

  /** Connects to HOST:PORT, https://HOST:PORT, unix:/PATH, or others that dissectctl takes. */
  public static Dissectd connect(String server) {
    return builder(server).connect();
  }

  /** Returns a builder of a connection with a token or certificates. */
  public static DissectdBuilder builder(String server) {
    return new DissectdBuilder(server);
  }

  /** Selects columns by their formats, such as "%p" for the protocol. */
  public static ColumnSelection columns(String... formats) {
    ColumnSelection.Builder selection = ColumnSelection.newBuilder();
    for (String format : formats) {
      selection.addColumns(Column.newBuilder().setFormat(format));
    }
    return selection.build();
  }

  /** Dissects a file of the store, such as "dns.pcap". */
  public Responses<Frame> read(String file, View view) {
    return frames(DissectRequest.newBuilder().setFile(fileName(file)).setView(view).build());
  }

  /** Dissects a capture while it runs; its frames end when it does. */
  public Responses<Frame> live(String capture, View view) {
    return frames(DissectRequest.newBuilder().setCapture(capture).setView(view).build());
  }

  /**
   * Dissects. If frames are missing, because the file is cut short or a dissector crashed, an
   * {@link IncompleteException} comes after all others.
   */
  public Responses<Frame> frames(DissectRequest request) {
    Decoder decoder = new Decoder();
    return dissect(
        request, Form.FORM_COMPACT, response -> decoder.frames(response.getBatch()));
  }

  /** Dissects, and sends the values of the view's fields and columns, many frames at a time. */
  public Responses<ColumnFrames> columnFrames(DissectRequest request) {
    return dissect(
        request,
        Form.FORM_COLUMNAR,
        response ->
            response.hasColumnBatch()
                ? List.of(ColumnFrames.of(response.getColumnBatch()))
                : List.of());
  }

  private <T> Responses<T> dissect(
      DissectRequest request, Form form, Function<DissectResponse, Collection<T>> decode) {
    DissectRequest.Builder formed = request.toBuilder();
    formed.getViewBuilder().setForm(form);
    Responses<DissectResponse> sent =
        Responses.of(() -> dissection().dissect(formed.build()));
    return sent.with(new Dissection<>(sent.iterator(), decode));
  }

  /** Sends the bytes of a stream of a file; the follower is "tcp", "udp", "tls" or another one. */
  public Responses<StreamChunk> follow(String file, String follower, int stream) {
    FollowStreamRequest request =
        FollowStreamRequest.newBuilder()
            .setSource(AnalysisSource.newBuilder().setFile(fileName(file)))
            .setFollower(follower)
            .setStream(stream)
            .build();
    Responses<FollowStreamResponse> sent = Responses.of(() -> analysis().followStream(request));
    Iterator<StreamChunk> chunks =
        sent.stream()
            .filter(FollowStreamResponse::hasChunk)
            .map(FollowStreamResponse::getChunk)
            .iterator();
    return sent.with(chunks);
  }

  /**
   * Captures on an interface what passes a filter of libpcap, until a condition is met or {@link
   * #stopCapture}.
   *
   * @return the name of the capture
   */
  public String startCapture(String device, String filter, StopConditions stop) {
    InterfaceOptions options =
        InterfaceOptions.newBuilder().setName(device).setCaptureFilter(filter).build();
    CreateCaptureRequest request =
        CreateCaptureRequest.newBuilder()
            .setOptions(CaptureOptions.newBuilder().addInterfaces(options).setStop(stop))
            .build();
    return DissectdException.translating(() -> captures().createCapture(request))
        .getCapture()
        .getName();
  }

  /** Sends the packets and bytes of each second of a capture, until it ends. */
  public Responses<WatchCaptureStatisticsResponse> rates(String capture) {
    WatchCaptureStatisticsRequest request =
        WatchCaptureStatisticsRequest.newBuilder().setName(capture).build();
    return Responses.of(() -> captures().watchCaptureStatistics(request));
  }

  /** Ends a capture. */
  public void stopCapture(String capture) {
    StopCaptureRequest request = StopCaptureRequest.newBuilder().setName(capture).build();
    DissectdException.translating(() -> captures().stopCapture(request));
  }

  /**
   * Checks a display filter.
   *
   * @throws FilterException if it doesn't compile
   */
  public void checkFilter(String filter) {
    CompileFilterRequest request = CompileFilterRequest.newBuilder().setFilter(filter).build();
    CompileFilterResponse response =
        DissectdException.translating(() -> filters().compileFilter(request));
    if (!response.getValid()) {
      FilterDiagnostic wrong = response.getDiagnostics(0);
      throw new FilterException(
          wrong.getMessage(),
          new DissectdException.Details(
              FilterException.REASON,
              Map.of(),
              wrong.hasSpan() ? Optional.of(wrong.getSpan()) : Optional.empty(),
              Duration.ZERO),
          null);
    }
  }

  /**
   * Sends a local file to the store, unless the daemon still has it from an earlier upload.
   *
   * @return its name there
   */
  public String upload(Path file) throws IOException {
    return new Upload(files()).send(file);
  }

  /** Deletes a file that a client uploaded or exported. */
  public void delete(String file) {
    DeleteFileRequest request = DeleteFileRequest.newBuilder().setName(fileName(file)).build();
    DissectdException.translating(() -> files().deleteFile(request));
  }

  private static String fileName(String name) {
    return name.startsWith("files/") ? name : "files/" + name;
  }

  /** Returns the service for statistics, streams and objects. */
  public AnalysisServiceGrpc.AnalysisServiceBlockingStub analysis() {
    return AnalysisServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for captures and interfaces. */
  public CaptureServiceGrpc.CaptureServiceBlockingStub captures() {
    return CaptureServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for dissection. */
  public DissectionServiceGrpc.DissectionServiceBlockingStub dissection() {
    return DissectionServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for the export of packets. */
  public ExportServiceGrpc.ExportServiceBlockingStub export() {
    return ExportServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for the files of the store. */
  public FileServiceGrpc.FileServiceBlockingStub files() {
    return FileServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for display filters. */
  public FilterServiceGrpc.FilterServiceBlockingStub filters() {
    return FilterServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for preferences. */
  public PreferenceServiceGrpc.PreferenceServiceBlockingStub preferences() {
    return PreferenceServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for protocols and fields. */
  public RegistryServiceGrpc.RegistryServiceBlockingStub registry() {
    return RegistryServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for the daemon itself. */
  public ServerServiceGrpc.ServerServiceBlockingStub server() {
    return ServerServiceGrpc.newBlockingStub(channel);
  }

  /** Returns the service for sessions. */
  public SessionServiceGrpc.SessionServiceBlockingStub sessions() {
    return SessionServiceGrpc.newBlockingStub(channel);
  }

  /** Ends the connection, and all calls that use it. */
  @Override
  public void close() {
    connection.close();
  }
}
