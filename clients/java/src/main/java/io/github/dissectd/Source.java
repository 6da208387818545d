// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;

/**
 * A run of bytes: a frame, or bytes that were reassembled, decompressed or decrypted.
 *
 * @param name its description, for example {@code Frame (60 bytes)}
 * @param data the bytes that the view asked for
 * @param length the number of all its bytes
 */
public record Source(String name, ByteString data, int length) {}
