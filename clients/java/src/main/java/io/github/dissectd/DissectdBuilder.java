// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Connects to a daemon. What isn't set is taken from the variables DISSECTD_SERVER,
 * DISSECTD_TLS_CA, DISSECTD_TOKEN and DISSECTD_TOKEN_FILE, as dissectctl does.
 */
public final class DissectdBuilder {
  private final Address address;
  private Optional<String> token = variable("DISSECTD_TOKEN");
  private Optional<File> authorities = variable("DISSECTD_TLS_CA").map(File::new);
  private boolean tls;

  DissectdBuilder(String server) {
    this.address =
        Address.parse(
            server.isEmpty() ? variable("DISSECTD_SERVER").orElse("localhost") : server);
    this.tls = address.tls().orElse(authorities.isPresent());
    if (token.isEmpty()) {
      token = variable("DISSECTD_TOKEN_FILE").map(DissectdBuilder::firstToken);
    }
  }

  /** Uses TLS, and trusts the authorities that Java trusts. */
  public DissectdBuilder tls() {
    tls = true;
    return this;
  }

  /** Uses TLS, and trusts the authorities in a file in PEM. */
  public DissectdBuilder authorities(Path pem) {
    authorities = Optional.of(pem.toFile());
    return tls();
  }

  /** Sends a token with each call. It isn't sent to other machines without TLS. */
  public DissectdBuilder token(String text) {
    token = Optional.of(text);
    return this;
  }

  /** Returns the connection. The first call tells whether the daemon answers. */
  public Dissectd connect() {
    boolean isPlain = !address.socket().isEmpty() || address.tls().equals(Optional.of(false));
    if (tls && isPlain) {
      throw new IllegalArgumentException(address + " is an address without TLS");
    }
    if (token.isPresent() && !tls && !address.isLocal()) {
      throw new IllegalArgumentException(
          "The token isn't sent to " + address + " without TLS, as others could read it");
    }
    return new Dissectd(
        address.socket().isEmpty()
            ? Connection.toHost(address, tls, authorities, token)
            : Connection.toSocket(address.socket(), token));
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isEmpty());
  }

  /** Returns the first line that is neither empty nor a comment. */
  private static String firstToken(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("\"" + file + "\" has no token"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
