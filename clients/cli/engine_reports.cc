// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/engine_reports.h"

#include <cinttypes>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/server.grpc.pb.h"

namespace dissectd::cli {
namespace {

// Asks for facts about the daemon's engine.
grpc::Status GetEngine(const std::shared_ptr<grpc::Channel>& channel,
                       v1::Engine* engine) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(channel)->GetServerInfo(
          &context, v1::GetServerInfoRequest(), &info);
  if (!status.ok()) return status;
  if (info.engines().empty()) {
    return {grpc::StatusCode::INTERNAL,
            "The daemon's engine has not started yet; try again."};
  }
  *engine = info.engines(0);
  return status;
}

}  // namespace

grpc::Status PrintFolders(const std::shared_ptr<grpc::Channel>& channel) {
  v1::Engine engine;
  const grpc::Status status = GetEngine(channel, &engine);
  for (const v1::Folder& folder : engine.folders()) {
    std::printf("%-21s\t%s\n", absl::StrCat(folder.purpose(), ":").c_str(),
                folder.path().c_str());
  }
  return status;
}

grpc::Status PrintFieldCount(const std::shared_ptr<grpc::Channel>& channel) {
  v1::Engine engine;
  const grpc::Status status = GetEngine(channel, &engine);
  if (!status.ok()) return status;
  if (!engine.has_field_count()) {
    return {grpc::StatusCode::INTERNAL,
            "The daemon can't tell how many fields there are."};
  }
  const v1::FieldCount& count = engine.field_count();
  std::printf("There are %" PRIu32
              " header fields registered, of which:\n"
              "\t%" PRIu32
              " are deregistered\n"
              "\t%" PRIu32
              " are protocols\n"
              "\t%" PRIu32
              " have the same name as another field\n\n"
              "%" PRIu32
              " fields were pre-allocated.\n\n"
              "The header field table consumes %" PRIu32
              " KiB of memory.\n"
              "The fields themselves consume %" PRIu32 " KiB of memory.\n",
              count.registered(), count.deregistered(), count.protocols(),
              count.same_name(), count.preallocated(), count.table_kib(),
              count.fields_kib());
  return status;
}

}  // namespace dissectd::cli
