// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "lab.example, lab.example:50051",
    "lab.example:7, lab.example:7",
    ":7, localhost:7",
    "http://lab.example:7/, lab.example:7",
    "https://lab.example, lab.example:50051",
    "dns:///lab.example:7, lab.example:7",
    "[2001:db8::1]:7, [2001:db8::1]:7",
    "2001:db8::1, [2001:db8::1]:50051",
    "unix:/run/d, unix:/run/d",
    "/run/d, unix:/run/d",
  })
  void addressesAreThoseOfDissectctl(String text, String address) {
    assertEquals(address, Address.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "lab.example:port", "lab.example/path"})
  void otherTextsAreRefused(String text) {
    var error = assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
    assertEquals("\"" + text + "\" isn't the address of a daemon", error.getMessage());
  }

  @Test
  void tokensAreNotSentToOtherMachinesWithoutTls() {
    DissectdBuilder builder = Dissectd.builder("lab.example").token("secret");
    var error = assertThrows(IllegalArgumentException.class, builder::connect);
    assertFalse(error.getMessage().contains("secret"));
    Dissectd.builder("localhost").token("secret").connect().close();
    Dissectd.builder("https://lab.example").token("secret").connect().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://lab.example", "/run/d"})
  void tlsIsNotForAllAddresses(String server) {
    DissectdBuilder builder = Dissectd.builder(server).tls();
    assertThrows(IllegalArgumentException.class, builder::connect);
  }
}
