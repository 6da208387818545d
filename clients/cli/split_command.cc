// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/split_command.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/error_text.h"
#include "clients/cli/file_error_text.h"
#include "clients/cli/file_types.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/print_options.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/stored_file.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/export.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

// The group of the options of which one must be given.
constexpr char kHow[] = "Splitting";

// The options as given, named by editcap's letters.
struct RawSplitOptions {
  std::string file;
  std::string prefix;     // -w
  std::string file_type;  // -F
  std::string frames;     // -c
  std::string interval;   // -i
  std::string bytes;
  std::string follower;
  bool gzip = false;
  RawPrintOptions print;
};

struct SplitOptions {
  std::string file;
  // Without the files that preferences name.
  v1::SplitFileRequest request;
  PrintOptions print;
};

absl::Status CheckHow(const CLI::App& command, const RawSplitOptions& raw,
                      v1::SplitFileRequest* request) {
  std::vector<absl::string_view> given;
  for (const char* const option : {"-c", "-i", "--bytes", "--stream"}) {
    if (IsGiven(command, option)) given.emplace_back(option);
  }
  if (given.empty()) {
    return absl::InvalidArgumentError(
        "One of -c, -i, --bytes and --stream is required.");
  }
  if (given.size() > 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Only one of these can be given: ", absl::StrJoin(given, ", "), "."));
  }
  if (IsGiven(command, "-c")) {
    ASSIGN_OR_RETURN(const uint32_t frames,
                     ParsePositive("packet count", raw.frames));
    request->set_frames(frames);
  } else if (IsGiven(command, "-i")) {
    ASSIGN_OR_RETURN(*request->mutable_interval(),
                     ParseSeconds("interval", raw.interval));
  } else if (IsGiven(command, "--stream")) {
    request->set_by_stream(raw.follower);
  } else {
    uint64_t bytes = 0;
    if (!absl::SimpleAtoi(raw.bytes, &bytes) || bytes == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", raw.bytes, "\" isn't a number of bytes greater than 0."));
    }
    request->set_bytes(bytes);
  }
  return absl::OkStatus();
}

absl::Status CheckSplitOptions(const CLI::App& command,
                               const RawSplitOptions& raw,
                               SplitOptions* options) {
  RETURN_IF_ERROR(CheckServerName(raw.file));
  RETURN_IF_ERROR(CheckServerName(raw.prefix));
  options->file = raw.file;
  options->print.capture_name = raw.file;
  RETURN_IF_ERROR(CheckProcessingOptions(command, raw.print, &options->print));
  v1::SplitFileRequest& request = options->request;
  RETURN_IF_ERROR(CheckHow(command, raw, &request));
  if (const std::string given = GivenOfGroup(command, "Processing");
      !given.empty() && !request.has_by_stream()) {
    return absl::InvalidArgumentError(absl::StrCat(
        given, " needs --stream: otherwise nothing is dissected."));
  }
  request.set_prefix(ExportResourceName(raw.prefix));
  if (IsGiven(command, "-F") && raw.file_type.empty()) {
    return absl::InvalidArgumentError("\"\" isn't a valid capture file type");
  }
  request.mutable_write()->set_file_type(raw.file_type);
  if (raw.gzip) {
    request.mutable_write()->set_compression(v1::COMPRESSION_GZIP);
  }
  return absl::OkStatus();
}

ExitCode Report(const v1::SplitFileResponse& response,
                const SplitOptions& options) {
  for (const v1::File& file : response.files()) {
    std::printf("%s\n", Printable(file.name(), LineBreaks::kEscape).c_str());
  }
  if (!response.has_read_error()) return kExitOk;
  PrintError(WithGivenName(response.read_error().message(), options.file));
  return kExitBadInput;
}

ExitCode RunSplit(const std::shared_ptr<grpc::Channel>& channel,
                  const SplitOptions& options) {
  v1::SplitFileRequest request = options.request;
  if (request.has_by_stream()) {
    PrintOptions print = options.print;
    const absl::Status attached = print.attached.AttachTo(
        channel, print.missing_keys(), &print.dissection);
    if (!attached.ok()) {
      PrintError(attached.message());
      return kExitBadOption;
    }
    *request.mutable_options() = print.dissection;
  }
  v1::SplitFileResponse response;
  const grpc::Status status =
      CallOnStoredFile(channel, options.file, LocalFiles::kAfterUpload,
                       ShortNames::kFind, [&](const std::string& file) {
                         request.set_file(file);
                         grpc::ClientContext context;
                         return v1::ExportService::NewStub(channel)->SplitFile(
                             &context, request, &response);
                       });
  if (status.ok()) return Report(response, options);
  PrintError(FileErrorText(status, options.file));
  PrintRightFileTypes(channel, FailureOf(status).reason());
  return ExitCodeOf(status);
}

// Adds the options of which one must be given.
void AddHow(CLI::App* command, RawSplitOptions* raw) {
  AddValue(command, "-c", &raw->frames, "Begin another file after N packets")
      ->type_name("N")
      ->group(kHow);
  AddValue(command, "-i", &raw->interval,
           "Begin another file after this time in the capture")
      ->type_name("SECONDS")
      ->group(kHow);
  AddValue(command, "--bytes", &raw->bytes,
           "Begin another file before one would be larger")
      ->type_name("N")
      ->group(kHow);
  AddValue(command, "--stream", &raw->follower,
           "Write a file for each stream of a protocol, such as TCP")
      ->type_name("PROTOCOL")
      ->group(kHow);
}

}  // namespace

void AddSplitCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "split", "Split a capture of the store, as editcap does");
  const auto raw = std::make_shared<RawSplitOptions>();
  AddOperand(command, "FILE", &raw->file,
             "Name of a capture in the daemon's store, or its end after a "
             "\"/\"");
  AddValue(command, "-w", &raw->prefix,
           "Name of the files in the folder of exports, into which their "
           "numbers and times are put")
      ->type_name("NAME")
      ->required();
  AddHow(command, raw.get());
  AddValue(command, "-F", &raw->file_type,
           "The file type; pcapng by default, an unknown one lists all")
      ->type_name("TYPE");
  command->add_flag("--gzip", raw->gzip, "Compress the files");
  AddProcessingOptions(command, &raw->print);
  AddExamples(command, {"dissectctl split dns.pcap -c 10 -w part.pcapng",
                        "dissectctl split dns.pcap --stream UDP -w udp.pcap "
                        "-F pcap"});
  SetCheckedAction(command, raw, CheckSplitOptions, RunSplit, action);
}

}  // namespace dissectd::cli
