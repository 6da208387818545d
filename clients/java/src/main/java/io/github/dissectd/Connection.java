// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.File;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** A channel of gRPC, with the threads that belong to it alone. */
final class Connection implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final long CLOSE_SECONDS = 5;
  private static final long KEEP_ALIVE_MINUTES = 6;

  private final ManagedChannel channel;
  private final Channel intercepted;
  private final Optional<EventLoopGroup> threads;

  private Connection(
      NettyChannelBuilder builder, Optional<EventLoopGroup> threads, Optional<String> token) {
    this.channel =
        builder
            // A batch of frames exceeds its limit by up to one frame.
            .maxInboundMessageSize(Integer.MAX_VALUE)
            // Streams end with an error if the network is gone. The daemon closes connections
            // that ask more often than every five minutes.
            .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES)
            .build();
    this.intercepted =
        token.map(t -> ClientInterceptors.intercept(channel, bearer(t))).orElse(channel);
    this.threads = threads;
  }

  static Connection toHost(
      Address address, boolean tls, Optional<File> authorities, Optional<String> token) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port());
    if (!tls) {
      return new Connection(builder.usePlaintext(), Optional.empty(), token);
    }
    try {
      var context = GrpcSslContexts.forClient();
      authorities.ifPresent(context::trustManager);
      return new Connection(builder.sslContext(context.build()), Optional.empty(), token);
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS can't be used", e);
    }
  }

  /** Connects to a Unix socket, which Java's own sockets can't do for gRPC: on Linux only. */
  static Connection toSocket(String path, Optional<String> token) {
    EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(path))
            .eventLoopGroup(threads)
            .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
            .overrideAuthority("localhost")
            .usePlaintext();
    return new Connection(builder, Optional.of(threads), token);
  }

  Channel channel() {
    return intercepted;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.ifPresent(group -> group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS));
  }

  private static ClientInterceptor bearer(String token) {
    return new ClientInterceptor() {
      @Override
      public <Q, R> ClientCall<Q, R> interceptCall(
          MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
          @Override
          public void start(Listener<R> listener, Metadata headers) {
            headers.put(AUTHORIZATION, "Bearer " + token);
            super.start(listener, headers);
          }
        };
      }
    };
  }
}
