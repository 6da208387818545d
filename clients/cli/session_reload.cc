// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/session_reload.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

struct RawReloadOptions {
  std::string session;
  std::string read_filter;  // -R
  std::string added_keys;
  RawPrintOptions print;
};

struct ReloadOptions {
  std::string session;
  std::string added_keys;
  // Whether `print` replaces the options of the session.
  bool has_options = false;
  PrintOptions print;
};

// Whether one of the options that say how to dissect was given.
bool HasDissectionOptions(const CLI::App& command) {
  const std::vector<const CLI::Option*> options = command.get_options();
  return std::any_of(
      options.begin(), options.end(), [](const CLI::Option* option) {
        return option->count() > 0 && !option->get_positional() &&
               !option->check_lname("add-tls-keys");
      });
}

absl::Status CheckReloadOptions(const CLI::App& command,
                                const RawReloadOptions& raw,
                                ReloadOptions* options) {
  options->session = SessionResourceName(raw.session);
  options->added_keys = raw.added_keys;
  options->has_options = HasDissectionOptions(command);
  RETURN_IF_ERROR(CheckProcessingOptions(command, raw.print, &options->print));
  v1::DissectionOptions& dissection = options->print.dissection;
  RETURN_IF_ERROR(CheckTimeOptions(command, raw.print, &dissection));
  AssignText(raw.read_filter, dissection.mutable_read_filter(),
             dissection.mutable_raw_read_filter());
  return absl::OkStatus();
}

// Reads the files that the request needs. Errors: INVALID_ARGUMENT.
absl::Status AttachFiles(const std::shared_ptr<grpc::Channel>& channel,
                         const ReloadOptions& options,
                         v1::ReloadSessionRequest* request) {
  if (!options.added_keys.empty()) {
    ASSIGN_OR_RETURN(*request->mutable_added_tls_key_log(),
                     ReadSmallFile(options.added_keys, "TLS secrets"));
  }
  if (!options.has_options) return absl::OkStatus();
  PrintOptions print = options.print;
  RETURN_IF_ERROR(print.attached.AttachTo(channel, print.missing_keys(),
                                          &print.dissection));
  *request->mutable_options() = print.dissection;
  return absl::OkStatus();
}

// Returns the session before it is read again; an empty one if there is an
// error, which the next call has, too.
v1::Session GetSession(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& name) {
  grpc::ClientContext context;
  v1::GetSessionRequest request;
  request.set_name(name);
  v1::GetSessionResponse response;
  v1::SessionService::NewStub(channel)->GetSession(&context, request,
                                                   &response);
  return response.session();
}

// Warns that edits, which name frames by their numbers, are about other frames
// if another read filter numbers them.
void WarnAboutEdits(const v1::Session& before,
                    const v1::ReloadSessionRequest& request) {
  const v1::DissectionOptions& old = before.options();
  const v1::DissectionOptions& now = request.options();
  if (before.edits() == 0 || !request.has_options() ||
      (old.read_filter() == now.read_filter() &&
       old.raw_read_filter() == now.raw_read_filter())) {
    return;
  }
  PrintError(
      "Warning: another -R numbers the frames differently, but the edits of "
      "the "
      "session stay with the numbers.");
}

ExitCode RunReload(const std::shared_ptr<grpc::Channel>& channel,
                   const ReloadOptions& options) {
  v1::ReloadSessionRequest request;
  request.set_name(options.session);
  const absl::Status attached = AttachFiles(channel, options, &request);
  if (!attached.ok()) {
    PrintError(attached.message());
    return kExitBadOption;
  }
  const v1::Session before = GetSession(channel, options.session);
  grpc::ClientContext context;
  ProgressBar progress;
  const auto reader =
      v1::SessionService::NewStub(channel)->ReloadSession(&context, request);
  v1::ReloadSessionResponse response;
  v1::Session session;
  while (reader->Read(&response)) {
    if (response.has_session()) session = response.session();
    if (response.has_progress()) {
      progress.Update("Reading", response.progress().bytes_read(),
                      response.progress().bytes_total());
    }
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return ReportStatus(status);
  WarnAboutEdits(before, request);
  if (session.read_error().reason().empty()) return kExitOk;
  PrintError(session.read_error().message());
  return kExitBadInput;
}

}  // namespace

void AddSessionReloadCommand(CLI::App* parent, Action* action) {
  CLI::App* command = parent->add_subcommand(
      "reload", "Read the capture again, with other options");
  const auto raw = std::make_shared<RawReloadOptions>();
  AddOperand(command, "SESSION", &raw->session,
             "Name of the session, whose options stay if none is given")
      ->check(NotEmpty());
  AddValue(command, "--add-tls-keys", &raw->added_keys,
           "A file with TLS secrets, to be added to those of the session")
      ->type_name("FILE");
  AddValue(command, "-R,--read-filter", &raw->read_filter,
           "Only frames that pass this display filter are in the session")
      ->type_name("FILTER")
      ->group("Processing");
  AddProcessingOptions(command, &raw->print);
  AddTimeOptions(command, &raw->print);
  AllowAnyBytes(*command, {"-R", "--add-tls-keys"});
  AddExamples(command,
              {"session=$(dissectctl session open dns.pcap)",
               "dissectctl session reload \"$session\" -n && echo done",
               "dissectctl session close \"$session\""});
  SetCheckedAction(command, raw, CheckReloadOptions, RunReload, action);
}

}  // namespace dissectd::cli
