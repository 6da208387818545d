// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/session_open.h"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/capture_name.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/progress_bar.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/terminal_text.h"
#include "clients/cli/utf8.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "google/protobuf/duration.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

struct RawOpenOptions {
  std::string file;
  std::string read_filter;  // -R
  std::string read_format;
  std::string idle_timeout;
  RawPrintOptions print;
};

struct OpenOptions {
  std::string file;
  std::string read_format;
  // Absent for the daemon's.
  std::optional<google::protobuf::Duration> idle_timeout;
  PrintOptions print;
};

absl::Status CheckOpenOptions(const CLI::App& command,
                              const RawOpenOptions& raw, OpenOptions* options) {
  options->file = raw.file;
  options->read_format = raw.read_format;
  if (IsGiven(command, "--idle-timeout")) {
    ASSIGN_OR_RETURN(options->idle_timeout,
                     ParseSeconds("idle time-out", raw.idle_timeout));
  }
  options->print.capture_name = raw.file;
  RETURN_IF_ERROR(CheckServerName(raw.file));
  RETURN_IF_ERROR(CheckProcessingOptions(command, raw.print, &options->print));
  v1::DissectionOptions& dissection = options->print.dissection;
  RETURN_IF_ERROR(CheckTimeOptions(command, raw.print, &dissection));
  AssignText(raw.read_filter, dissection.mutable_read_filter(),
             dissection.mutable_raw_read_filter());
  return absl::OkStatus();
}

// Whether the user names a capture, which isn't the name of a file: files of
// captures are in folders.
bool IsCapture(absl::string_view name) {
  return absl::ConsumePrefix(&name, "captures/") && !name.empty() &&
         !absl::StrContains(name, '/');
}

// Opens the session, and waits until it can answer. `session` gets its last
// state.
grpc::Status Open(const std::shared_ptr<grpc::Channel>& channel,
                  const v1::OpenSessionRequest& request, v1::Session* session) {
  grpc::ClientContext context;
  ProgressBar progress;
  const auto reader =
      v1::SessionService::NewStub(channel)->OpenSession(&context, request);
  v1::OpenSessionResponse response;
  while (reader->Read(&response)) {
    if (response.has_session()) *session = response.session();
    if (response.has_progress()) {
      progress.Update("Reading", response.progress().bytes_read(),
                      response.progress().bytes_total());
    }
  }
  return reader->Finish();
}

grpc::Status OpenByName(const std::shared_ptr<grpc::Channel>& channel,
                        const std::string& name, v1::OpenSessionRequest request,
                        v1::Session* session) {
  if (IsCapture(name)) {
    return CallOnCapture(channel, name, ShortNames::kFind,
                         [&](const std::string& capture) {
                           request.set_capture(capture);
                           return Open(channel, request, session);
                         });
  }
  return CallOnStoredFile(channel, name, LocalFiles::kAfterUpload,
                          ShortNames::kFind, [&](const std::string& file) {
                            request.set_file(file);
                            return Open(channel, request, session);
                          });
}

ExitCode RunOpen(const std::shared_ptr<grpc::Channel>& channel,
                 const OpenOptions& options) {
  PrintOptions print = options.print;
  const ExitCode code = AttachFiles(channel, print.missing_keys(),
                                    &print.dissection, &print.attached);
  if (code != kExitOk) return code;
  v1::OpenSessionRequest request;
  *request.mutable_options() = print.dissection;
  request.set_read_format(options.read_format);
  if (options.idle_timeout.has_value()) {
    *request.mutable_idle_timeout() = *options.idle_timeout;
  }
  v1::Session session;
  const grpc::Status status =
      OpenByName(channel, options.file, std::move(request), &session);
  if (!status.ok()) {
    PrintError(FileErrorText(status, options.file));
    return ExitCodeOf(status);
  }
  std::printf("%s\n", Printable(session.name(), LineBreaks::kEscape).c_str());
  if (session.read_error().reason().empty()) return kExitOk;
  PrintError(WithGivenName(session.read_error().message(), options.file));
  return kExitBadInput;
}

}  // namespace

void AddSessionOpenCommand(CLI::App* parent, Action* action) {
  CLI::App* command = parent->add_subcommand(
      "open", "Open a capture, and print the name of the session");
  const auto raw = std::make_shared<RawOpenOptions>();
  AddOperand(command, "FILE", &raw->file,
             "Name of a capture in the daemon's store, or its end after a "
             "\"/\"; or captures/ID, the name of a capture that may still run: "
             "the session then reads on");
  AddValue(command, "-R,--read-filter", &raw->read_filter,
           "Only frames that pass this display filter are in the session")
      ->type_name("FILTER")
      ->group("Processing");
  AddValue(command, "--read-format", &raw->read_format,
           "Read the file in this format instead of recognising it")
      ->type_name("NAME")
      ->group("Processing");
  AddValue(command, "--idle-timeout", &raw->idle_timeout,
           "Close the session when nobody has used it for this time; by "
           "default, and at most, the daemon's")
      ->type_name("SECONDS");
  AddProcessingOptions(command, &raw->print);
  AddTimeOptions(command, &raw->print);
  AllowAnyBytes(*command, {"-R"});
  AddExamples(command, {"session=$(dissectctl session open dns.pcap)",
                        "dissectctl frame \"$session\" 3 -V",
                        "dissectctl session close \"$session\"",
                        "capture=$(dissectctl capture -i lo --detach -c 10)",
                        "session=$(dissectctl session open \"$capture\")"});
  SetCheckedAction(command, raw, CheckOpenOptions, RunOpen, action);
}

}  // namespace dissectd::cli
