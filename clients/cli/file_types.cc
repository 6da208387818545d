// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/file_types.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include "clients/cli/error_text.h"
#include "dissectd/v1/registry.grpc.pb.h"

namespace dissectd::cli {
namespace {

using FileTypes = std::vector<v1::FileType>;

FileTypes WritableTypes(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  v1::ListFileTypesResponse response;
  const grpc::Status status =
      v1::RegistryService::NewStub(channel)->ListFileTypes(
          &context, v1::ListFileTypesRequest(), &response);
  FileTypes types;
  if (!status.ok()) return types;
  for (const v1::FileType& type : response.file_types()) {
    if (type.can_write()) types.push_back(type);
  }
  return types;
}

bool HasSectionComments(const v1::FileType& type) {
  return std::any_of(type.blocks().begin(), type.blocks().end(),
                     [](const v1::FileTypeBlock& block) {
                       return block.type() == v1::BLOCK_TYPE_SECTION &&
                              block.comments() !=
                                  v1::COMMENT_SUPPORT_UNSPECIFIED;
                     });
}

// The two that nearly everybody wants come first, then all by name.
auto Rank(const v1::FileType& type) {
  return std::make_tuple(type.name() != "pcap", type.name() != "pcapng",
                         type.name());
}

void PrintTypes(absl::string_view heading, FileTypes types) {
  if (types.empty()) return;
  std::sort(types.begin(), types.end(),
            [](const v1::FileType& a, const v1::FileType& b) {
              return Rank(a) < Rank(b);
            });
  PrintError(heading);
  for (const v1::FileType& type : types) {
    std::fprintf(stderr, "    %s - %s\n", type.name().c_str(),
                 type.description().c_str());
  }
}

}  // namespace

void PrintRightFileTypes(const std::shared_ptr<grpc::Channel>& channel,
                         absl::string_view reason) {
  if (reason == "FILE_TYPE_UNKNOWN") {
    PrintTypes("The available capture file types for the \"-F\" flag are:",
               WritableTypes(channel));
  } else if (reason == "COMMENTS_UNSUPPORTED") {
    FileTypes types = WritableTypes(channel);
    types.erase(std::remove_if(types.begin(), types.end(),
                               [](const v1::FileType& type) {
                                 return !HasSectionComments(type);
                               }),
                types.end());
    PrintTypes(
        "Capture comments can only be written to files of the following "
        "types:",
        types);
  }
}

}  // namespace dissectd::cli
