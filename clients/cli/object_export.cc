// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/object_export.h"

#include <cstdio>
#include <cstring>

#include "absl/status/status.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/interruption.h"
#include "clients/cli/object_folder.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// Writes what the call sends. Returns the first error of writing; `status` gets
// that of the call.
absl::Status WriteAll(const std::shared_ptr<grpc::Channel>& channel,
                      const v1::ReadExportObjectsRequest& request,
                      ObjectFolder* folder, grpc::Status* status) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto reader = v1::AnalysisService::NewStub(channel)->ReadExportObjects(
      &context, request);
  v1::ReadExportObjectsResponse response;
  absl::Status written;
  while (written.ok() && reader->Read(&response)) {
    if (response.has_object()) {
      written = folder->Begin(response.object());
    } else if (response.has_chunk()) {
      written = folder->Add(response.chunk());
    }
  }
  if (!written.ok()) context.TryCancel();
  *status = reader->Finish();
  return written;
}

}  // namespace

ObjectExport ParseObjectExport(const std::string& given) {
  const size_t comma = given.find(',');
  if (comma == std::string::npos) return {};
  return {given.substr(0, comma), given.substr(comma + 1)};
}

ExitCode ExportObjects(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& given,
                       const v1::AnalysisSource& source,
                       const PrintOptions& print) {
  const ObjectExport wanted = ParseObjectExport(given);
  if (wanted.protocol.empty()) {
    PrintError("\"--export-objects\" are specified as: <protocol>,<destdir>");
    return kExitBadOption;
  }
  ObjectFolder folder(wanted.folder);
  if (const int error = folder.Make(); error != 0) {
    std::fprintf(stderr,
                 "Failed to create export objects output directory \"%s\": "
                 "%s\n",
                 Printable(wanted.folder, LineBreaks::kEscape).c_str(),
                 std::strerror(error));
    return print.as_tshark ? kExitOk : kExitOutput;
  }
  v1::ReadExportObjectsRequest request;
  *request.mutable_source() = source;
  request.set_type(wanted.protocol);
  grpc::Status status;
  const absl::Status written = WriteAll(channel, request, &folder, &status);
  if (!written.ok()) {
    PrintError(written.message());
    return print.as_tshark ? kExitBadInput : kExitOutput;
  }
  if (status.ok()) return kExitOk;
  if (WasInterrupted()) return kExitBadInput;
  PrintError(FileErrorText(status, print.capture_name));
  return CaptureExitCodeOf(channel, status);
}

}  // namespace dissectd::cli
