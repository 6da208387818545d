// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.github.dissectd.v1.Failure;
import io.github.dissectd.v1.InvalidText;
import io.github.dissectd.v1.TextSpan;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A call that failed. */
public class DissectdException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;
  private final transient Details details;

  /** What a failure says for programs. */
  record Details(
      String reason, Map<String, String> metadata, Optional<TextSpan> span, Duration retryDelay) {
    static final Details NONE = new Details("", Map.of(), Optional.empty(), Duration.ZERO);
  }

  DissectdException(Status.Code code, String message, Details details, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = details;
  }

  /** Returns gRPC's code. */
  public Status.Code code() {
    return code;
  }

  /**
   * Returns the reason, for example {@code FILE_NOT_FOUND}; empty if the error isn't the daemon's,
   * for example if it can't be reached.
   */
  public String reason() {
    return details.reason();
  }

  /** Returns facts about this occurrence, by name. */
  public Map<String, String> metadata() {
    return details.metadata();
  }

  /** Returns the time to wait before the same call may succeed; zero if it won't by itself. */
  public Duration retryDelay() {
    return details.retryDelay();
  }

  /** Returns the wrong part of a text of the request, if it is known. */
  public Optional<TextSpan> span() {
    return details.span();
  }

  /**
   * Returns what a call returns, with its errors as exceptions of this class. Use it for calls of
   * the generated services.
   */
  public static <T> T translating(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw of(e);
    }
  }

  /** Returns an error of gRPC as one of this class. */
  public static DissectdException of(StatusRuntimeException error) {
    Status.Code code = error.getStatus().getCode();
    String said = error.getStatus().getDescription();
    String message = said == null ? code.toString() : said;
    Details details = detailsOf(error);
    return details.reason().equals(FilterException.REASON)
        ? new FilterException(message, details, error)
        : new DissectdException(code, message, details, error);
  }

  static DissectdException of(Failure failure) {
    Optional<TextSpan> span = failure.hasSpan() ? Optional.of(failure.getSpan()) : Optional.empty();
    return new DissectdException(
        Status.Code.FAILED_PRECONDITION,
        failure.getMessage(),
        new Details(failure.getReason(), failure.getMetadataMap(), span, Duration.ZERO),
        null);
  }

  static DissectdException damaged(String what, Throwable cause) {
    return new DissectdException(Status.Code.DATA_LOSS, what, Details.NONE, cause);
  }

  private static Details detailsOf(StatusRuntimeException error) {
    String reason = "";
    Map<String, String> metadata = Map.of();
    Optional<TextSpan> span = Optional.empty();
    Duration delay = Duration.ZERO;
    try {
      for (Any detail : StatusProto.fromThrowable(error).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          reason = info.getReason();
          metadata = info.getMetadataMap();
        } else if (detail.is(RetryInfo.class)) {
          com.google.protobuf.Duration sent = detail.unpack(RetryInfo.class).getRetryDelay();
          delay = Duration.ofSeconds(sent.getSeconds(), sent.getNanos());
        } else if (detail.is(InvalidText.class)) {
          span = Optional.of(detail.unpack(InvalidText.class).getSpan());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      error.addSuppressed(e);
    }
    return new Details(reason, metadata, span, delay);
  }
}
