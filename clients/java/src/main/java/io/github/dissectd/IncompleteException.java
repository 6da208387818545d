// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.github.dissectd.v1.Crash;
import io.github.dissectd.v1.FramesLost;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;

/** Frames are missing in a stream; all others have arrived before this is thrown. */
public final class IncompleteException extends DissectdException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<DissectdException> readError;
  private final transient List<Crash> crashes;
  private final transient List<FramesLost> lost;

  IncompleteException(
      Optional<DissectdException> readError, List<Crash> crashes, List<FramesLost> lost) {
    super(Status.Code.OK, message(readError, crashes, lost), Details.NONE, readError.orElse(null));
    this.readError = readError;
    this.crashes = List.copyOf(crashes);
    this.lost = List.copyOf(lost);
  }

  /** Returns why reading ended, if the file is damaged or cut short. */
  public Optional<DissectdException> readError() {
    return readError;
  }

  /** Returns the frames that were left out because they crashed a dissector. */
  public List<Crash> crashes() {
    return crashes;
  }

  /** Returns the frames of a capture that were deleted before they were read. */
  public List<FramesLost> lost() {
    return lost;
  }

  private static String message(
      Optional<DissectdException> readError, List<Crash> crashes, List<FramesLost> lost) {
    StringBuilder text = new StringBuilder(readError.map(Throwable::getMessage).orElse(""));
    for (Crash crash : crashes) {
      text.append(text.isEmpty() ? "" : "; ")
          .append("frame " + Integer.toUnsignedString(crash.getFrameNumber()))
          .append(" crashed the dissector");
    }
    for (FramesLost range : lost) {
      text.append(text.isEmpty() ? "" : "; ")
          .append("frames " + Integer.toUnsignedString(range.getFirstFrame()))
          .append(" to " + Integer.toUnsignedString(range.getLastFrame()))
          .append(" were deleted before they were read");
    }
    return text.toString();
  }
}
