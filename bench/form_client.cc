// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/form_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <cstdio>

#include "bench/client.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {
namespace {

v1::Form FormOf(const std::string& name) {
  if (name == "plain") return v1::FORM_PLAIN;
  if (name == "columnar") return v1::FORM_COLUMNAR;
  return v1::FORM_COMPACT;
}

uint64_t FramesIn(const v1::DissectResponse& response) {
  return static_cast<uint64_t>(response.batch().frames_size()) +
         static_cast<uint64_t>(response.plain_batch().frames_size()) +
         static_cast<uint64_t>(response.column_batch().frame_numbers_size());
}

uint64_t NodesIn(const v1::DissectResponse& response) {
  uint64_t nodes = 0;
  for (const v1::Frame& frame : response.batch().frames()) {
    nodes += static_cast<uint64_t>(frame.tree().template_indexes_size());
  }
  for (const v1::PlainFrame& frame : response.plain_batch().frames()) {
    nodes += static_cast<uint64_t>(frame.tree_size());
  }
  return nodes;
}

}  // namespace

void MeasureForm(const std::string& server, const std::string& form,
                 const std::string& file,
                 const std::vector<std::string>& fields) {
  const auto stub = v1::DissectionService::NewStub(Connect(server));
  v1::DissectRequest request;
  request.set_file("files/" + file);
  v1::View* view = request.mutable_view();
  view->set_form(FormOf(form));
  for (const std::string& field : fields) view->add_fields(field);
  if (fields.empty()) {
    view->set_tree(v1::TREE_DETAIL_FULL);
    view->set_labels(true);
  }
  const Clock::time_point began = Clock::now();
  grpc::ClientContext context;
  const auto reader = stub->Dissect(&context, request);
  uint64_t frames = 0;
  uint64_t nodes = 0;
  uint64_t bytes = 0;
  v1::DissectResponse response;
  while (reader->Read(&response)) {
    frames += FramesIn(response);
    nodes += NodesIn(response);
    bytes += response.ByteSizeLong();
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) Fail(file + ": " + status.error_message());
  const double seconds = SecondsSince(began);
  std::printf(
      "{\"frames\": %ju, \"nodes\": %ju, \"bytes\": %ju, \"seconds\": %.6f}\n",
      static_cast<uintmax_t>(frames), static_cast<uintmax_t>(nodes),
      static_cast<uintmax_t>(bytes), seconds);
}

}  // namespace dissectd
