// SPDX-License-Identifier: Apache-2.0

package io.github.dissectd;

import com.google.protobuf.ByteString;
import io.github.dissectd.v1.AppendUploadRequest;
import io.github.dissectd.v1.CreateUploadRequest;
import io.github.dissectd.v1.FileServiceGrpc.FileServiceBlockingStub;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Sends a file to the store. */
final class Upload {
  private static final int CHUNK_BYTES = 1 << 20;

  private final FileServiceBlockingStub files;

  Upload(FileServiceBlockingStub files) {
    this.files = files;
  }

  /** Returns the name of the file in the store. */
  String send(Path file) throws IOException {
    CreateUploadRequest request =
        CreateUploadRequest.newBuilder()
            .setFileName(file.getFileName().toString())
            .setSha256(ByteString.copyFrom(hash(file)))
            .build();
    var upload =
        DissectdException.translating(() -> files.createUpload(request)).getUpload();
    try (InputStream content = Files.newInputStream(file)) {
      content.skipNBytes(upload.getCommittedBytes());
      while (upload.getFile().isEmpty()) {
        byte[] chunk = content.readNBytes(CHUNK_BYTES);
        AppendUploadRequest next =
            AppendUploadRequest.newBuilder()
                .setName(upload.getName())
                .setOffset(upload.getCommittedBytes())
                .setData(ByteString.copyFrom(chunk))
                .setFinish(chunk.length < CHUNK_BYTES)
                .build();
        upload = DissectdException.translating(() -> files.appendUpload(next)).getUpload();
      }
    }
    return upload.getFile();
  }

  private static byte[] hash(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        Files.copy(file, hashing);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Java always has SHA-256", e);
    }
  }
}
