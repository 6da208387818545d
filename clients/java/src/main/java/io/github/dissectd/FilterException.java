// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dissectd.v1.TextSpan;
import io.grpc.Status;

/** A display filter that doesn't compile. */
public final class FilterException extends DissectdException {
  static final String REASON = "DISPLAY_FILTER_INVALID";

  private static final long serialVersionUID = 1L;

  FilterException(String message, Details details, Throwable cause) {
    super(Status.Code.INVALID_ARGUMENT, message, details, cause);
  }

  /**
   * Returns the message and, if the place is known, the filter with a line of carets below the
   * place, as dissectctl prints it.
   */
  public String underline(String filter) {
    byte[] bytes = filter.getBytes(UTF_8);
    if (span().isEmpty() || span().get().getStart() + span().get().getLength() > bytes.length) {
      return getMessage();
    }
    TextSpan span = span().get();
    int indent = characters(bytes, 0, span.getStart());
    int width = Math.max(characters(bytes, span.getStart(), span.getLength()), 1);
    return getMessage()
        + ("\n    " + filter + "\n    ")
        + (" ".repeat(indent) + "^" + "~".repeat(width - 1));
  }

  private static int characters(byte[] utf8, int start, int length) {
    String part = new String(utf8, start, length, UTF_8);
    return part.codePointCount(0, part.length());
  }
}
