// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.github.dissectd.v1.Crash;
import io.github.dissectd.v1.DissectResponse;
import io.github.dissectd.v1.FramesLost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/** Decodes the messages of a dissection, and notes what is missing in it. */
final class Dissection<T> implements Iterator<T> {
  private final Iterator<DissectResponse> responses;
  private final Function<DissectResponse, Collection<T>> decode;
  private final Queue<T> decoded = new ArrayDeque<>();
  private final List<Crash> crashes = new ArrayList<>();
  private final List<FramesLost> lost = new ArrayList<>();
  private Optional<DissectdException> readError = Optional.empty();

  Dissection(
      Iterator<DissectResponse> responses, Function<DissectResponse, Collection<T>> decode) {
    this.responses = responses;
    this.decode = decode;
  }

  @Override
  public boolean hasNext() {
    while (decoded.isEmpty() && responses.hasNext()) {
      DissectResponse response = responses.next();
      decoded.addAll(decode.apply(response));
      note(response);
    }
    if (decoded.isEmpty() && isIncomplete()) {
      throw new IncompleteException(readError, crashes, lost);
    }
    return !decoded.isEmpty();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return decoded.remove();
  }

  private boolean isIncomplete() {
    return readError.isPresent() || !crashes.isEmpty() || !lost.isEmpty();
  }

  private void note(DissectResponse response) {
    if (response.hasCrash()) {
      crashes.add(response.getCrash());
    } else if (response.hasLost()) {
      lost.add(response.getLost());
    } else if (response.getEnd().hasReadError()) {
      readError = Optional.of(DissectdException.of(response.getEnd().getReadError()));
    }
  }
}
