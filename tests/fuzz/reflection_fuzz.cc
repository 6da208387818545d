// SPDX-License-Identifier: GPL-2.0-or-later

// Answers any bytes as a request of the reflection service.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dissectd/v1/file.pb.h"
#include "server/rpc/reflection.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Without it, the linker would leave the API out.
  if (dissectd::v1::GetFileRequest::descriptor() == nullptr) std::abort();
  const std::string request(reinterpret_cast<const char*>(data), size);
  dissectd::server::AnswerReflection(request, {"dissectd.v1.FileService"});
  return 0;
}
