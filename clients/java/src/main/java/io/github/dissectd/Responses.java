// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a call streams, in the order in which it arrives. It can be iterated once. Closing it ends
 * the call; there is no need to if everything was read.
 *
 * @param <T> the type of what it streams
 */
public final class Responses<T> implements Iterable<T>, AutoCloseable {
  private final Context.CancellableContext context;
  private final Iterator<T> iterator;

  private Responses(Context.CancellableContext context, Iterator<T> iterator) {
    this.context = context;
    this.iterator = iterator;
  }

  /** Makes a call in a context of its own, by which it can be cancelled. */
  static <T> Responses<T> of(Supplier<Iterator<T>> call) {
    Context.CancellableContext context = Context.current().withCancellation();
    Context previous = context.attach();
    try {
      return new Responses<>(context, new Translating<>(call.get()));
    } finally {
      context.detach(previous);
    }
  }

  /** Returns the same call with something else made of its responses. */
  <U> Responses<U> with(Iterator<U> other) {
    return new Responses<>(context, other);
  }

  @Override
  public Iterator<T> iterator() {
    return iterator;
  }

  /** Returns the rest as a stream; closing it closes this. */
  public Stream<T> stream() {
    Spliterator<T> rest = Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED);
    return StreamSupport.stream(rest, false).onClose(this::close);
  }

  @Override
  public void close() {
    context.cancel(null);
  }

  /** Turns errors of gRPC into exceptions of this package. */
  private record Translating<T>(Iterator<T> responses) implements Iterator<T> {
    @Override
    public boolean hasNext() {
      try {
        return responses.hasNext();
      } catch (StatusRuntimeException e) {
        throw DissectdException.of(e);
      }
    }

    @Override
    public T next() {
      try {
        return responses.next();
      } catch (StatusRuntimeException e) {
        throw DissectdException.of(e);
      }
    }
  }
}
