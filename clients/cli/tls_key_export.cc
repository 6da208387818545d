// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tls_key_export.h"

#include "absl/status/status.h"
#include "clients/cli/capture_exit_code.h"
#include "clients/cli/capture_output.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/interruption.h"
#include "clients/cli/status_macros.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// Nobody else may read keys.
constexpr mode_t kMode = 0600;

absl::Status Write(const std::string& path, const std::string& keys) {
  CaptureOutput output(path, kMode);
  RETURN_IF_ERROR(output.Open());
  RETURN_IF_ERROR(output.Write(keys));
  return output.Close();
}

}  // namespace

ExitCode ExportTlsKeys(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& path,
                       const v1::AnalysisSource& source,
                       const PrintOptions& print) {
  v1::ExportTlsSecretsRequest request;
  *request.mutable_source() = source;
  v1::ExportTlsSecretsResponse response;
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const grpc::Status status =
      v1::AnalysisService::NewStub(channel)->ExportTlsSecrets(&context, request,
                                                              &response);
  if (!status.ok()) {
    if (WasInterrupted()) return kExitBadInput;
    PrintError(FileErrorText(status, print.capture_name));
    return CaptureExitCodeOf(channel, status);
  }
  const absl::Status written = Write(path, response.key_log());
  if (written.ok()) return kExitOk;
  PrintError(written.message());
  return print.as_tshark ? kExitOk : kExitOutput;
}

}  // namespace dissectd::cli
