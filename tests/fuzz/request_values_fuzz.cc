// SPDX-License-Identifier: GPL-2.0-or-later

// Checks any bytes as a request of each type. What the check accepts is a
// message of the type.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/request_check.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

std::vector<const Descriptor*> FindRequestTypes() {
  std::vector<const Descriptor*> types;
  for (const char* name : {"capture", "dissection", "export", "file", "filter",
                           "preference", "registry", "server"}) {
    const FileDescriptor* file =
        DescriptorPool::generated_pool()->FindFileByName(
            absl::StrCat("dissectd/v1/", name, ".proto"));
    if (file == nullptr) std::abort();
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (absl::EndsWith(file->message_type(i)->name(), "Request")) {
        types.push_back(file->message_type(i));
      }
    }
  }
  return types;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto& types =
      *new std::vector<const Descriptor*>(FindRequestTypes());
  if (size == 0) return 0;
  const Descriptor& type = *types[data[0] % types.size()];
  const grpc::Slice slice(data + 1, size - 1);
  const grpc::ByteBuffer bytes(&slice, 1);
  if (!dissectd::server::CheckRequest(type, bytes).ok()) return 0;
  const std::unique_ptr<Message> message(
      MessageFactory::generated_factory()->GetPrototype(&type)->New());
  const absl::Status parsed =
      dissectd::server::ParseMessage(bytes, message.get());
  if (!parsed.ok() &&
      dissectd::server::FailureOf(parsed).reason() != "ENUM_VALUE_UNDEFINED") {
    std::abort();
  }
  return 0;
}
