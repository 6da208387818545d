// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/tls_secrets_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "clients/cli/analysis_source.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/interruption.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/read_options.h"
#include "dissectd/v1/analysis.grpc.pb.h"

namespace dissectd::cli {
namespace {

using ChannelPtr = std::shared_ptr<grpc::Channel>;

grpc::Status PrintSecrets(const ChannelPtr& channel,
                          const v1::ExportTlsSecretsRequest& request,
                          const ReadOptions& options, ExitCode* code) {
  grpc::ClientContext context;
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  v1::ExportTlsSecretsResponse response;
  const grpc::Status status =
      v1::AnalysisService::NewStub(channel)->ExportTlsSecrets(&context, request,
                                                              &response);
  if (!status.ok()) return status;
  const std::string& text = response.key_log();
  std::fwrite(text.data(), 1, text.size(), stdout);
  PrintReadError(response.end(), options, code);
  return status;
}

ExitCode RunTlsSecrets(const ChannelPtr& channel, const ReadOptions& options) {
  v1::ExportTlsSecretsRequest request;
  SetSourceOptions(options, request.mutable_source());
  return CallOnSource(channel, options, request.mutable_source(),
                      [&](ExitCode* code) {
                        return PrintSecrets(channel, request, options, code);
                      });
}

}  // namespace

void AddTlsSecretsCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "tls-secrets", "Print the secrets of decrypted TLS sessions");
  const auto raw = std::make_shared<RawReadOptions>();
  AddWholeCaptureOptions(command, raw.get());
  AddExamples(command, {"psk=0123456789abcdef0123456789abcdef",
                        "dissectctl tls-secrets tls-psk.pcap "
                        "-o tls.psk:$psk"});
  SetCheckedAction(command, raw, CheckSelectionOptions, RunTlsSecrets, action);
}

}  // namespace dissectd::cli
