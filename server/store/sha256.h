// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_SHA256_H_
#define SERVER_STORE_SHA256_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct gcry_md_handle;

namespace dissectd::server {

// Computes the SHA-256 hash of bytes that come in pieces, with libgcrypt.
// Thread-compatible.
class Sha256 {
 public:
  static constexpr size_t kBytes = 32;

  Sha256();

  void Add(absl::string_view bytes);

  // Returns the hash of all bytes so far. Nothing can be added after that.
  std::string Finish();

 private:
  struct Closer {
    void operator()(gcry_md_handle* digest) const;
  };
  std::unique_ptr<gcry_md_handle, Closer> digest_;
};

// Returns the hash of a file that is open for reading, without changing its
// position. Errors: those of errno.
absl::StatusOr<std::string> Sha256OfFile(int fd);

}  // namespace dissectd::server

#endif  // SERVER_STORE_SHA256_H_
