// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A daemon's address, as dissectctl takes it.
 *
 * @param host the host, or empty for a Unix socket
 * @param port the port
 * @param socket the path of a Unix socket, or empty
 * @param tls whether TLS was asked for, or ruled out
 */
record Address(String host, int port, String socket, Optional<Boolean> tls) {
  private static final int PORT = 50051;
  private static final Pattern BARE_IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:.*");
  private static final Pattern LOCAL = Pattern.compile("localhost|127\\..*|\\[::1]");

  static Address parse(String text) {
    if (text.startsWith("unix:") || text.startsWith("/")) {
      String path = text.replaceFirst("^unix:(//)?", "");
      return new Address("", 0, path, Optional.empty());
    }
    Optional<Boolean> tls =
        text.contains("://") ? Optional.of(text.startsWith("https://")) : Optional.empty();
    String rest = text.replaceFirst("^(https?|dns)://(/)?", "").replaceFirst("/$", "");
    rest = rest.startsWith(":") && !rest.startsWith("::") ? "localhost" + rest : rest;
    rest = BARE_IPV6.matcher(rest).matches() ? "[" + rest + "]" : rest;
    try {
      URI uri = new URI("grpc://" + rest).parseServerAuthority();
      if (uri.getHost() != null && uri.getPath().isEmpty()) {
        return new Address(uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort(), "", tls);
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("\"" + text + "\" isn't the address of a daemon", e);
    }
    throw new IllegalArgumentException("\"" + text + "\" isn't the address of a daemon");
  }

  /** Returns whether it is on this machine, so that nobody else can read what is sent. */
  boolean isLocal() {
    return !socket.isEmpty() || LOCAL.matcher(host).matches();
  }

  @Override
  public String toString() {
    return socket.isEmpty() ? host + ":" + port : "unix:" + socket;
  }
}
