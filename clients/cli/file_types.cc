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

bool HasSectionComments(const v1::FileType& type) {
  return std::any_of(type.blocks().begin(), type.blocks().end(),
                     [](const v1::FileTypeBlock& block) {
                       return block.type() == v1::BLOCK_TYPE_SECTION &&
                              block.comments() !=
                                  v1::COMMENT_SUPPORT_UNSPECIFIED;
                     });
}

// Sorts the two most common types first, and the rest by name.
auto Rank(const v1::FileType& type) {
  return std::make_tuple(type.name() != "pcap", type.name() != "pcapng",
                         type.name());
}

// Prints the daemon's file types for which `wanted` returns true.
void PrintTypes(const std::shared_ptr<grpc::Channel>& channel,
                absl::string_view heading,
                bool (*wanted)(const v1::FileType& type)) {
  grpc::ClientContext context;
  v1::ListFileTypesResponse response;
  const grpc::Status status =
      v1::RegistryService::NewStub(channel)->ListFileTypes(
          &context, v1::ListFileTypesRequest(), &response);
  if (!status.ok()) return;
  std::vector<v1::FileType> types;
  for (const v1::FileType& type : response.file_types()) {
    if (wanted(type)) types.push_back(type);
  }
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
    PrintTypes(channel,
               "The available capture file types for the \"-F\" flag are:",
               [](const v1::FileType& type) { return type.can_write(); });
  } else if (reason == "COMMENTS_UNSUPPORTED") {
    PrintTypes(channel,
               "Capture comments can only be written to files of the following "
               "types:",
               [](const v1::FileType& type) {
                 return type.can_write() && HasSectionComments(type);
               });
  }
}

}  // namespace dissectd::cli
