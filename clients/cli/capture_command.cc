// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_command.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/capture_analysis.h"
#include "clients/cli/capture_download.h"
#include "clients/cli/capture_feed.h"
#include "clients/cli/capture_files.h"
#include "clients/cli/capture_filter_error.h"
#include "clients/cli/capture_options.h"
#include "clients/cli/capture_text.h"
#include "clients/cli/checked_command.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/error_text.h"
#include "clients/cli/extcap_preferences.h"
#include "clients/cli/frame_printer.h"
#include "clients/cli/interface_list.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/live_capture.h"
#include "clients/cli/live_info.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/protocol_names.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

// The key of the number of an interface in an error's metadata.
constexpr char kInterfaceIndexKey[] = "interface_index";
constexpr char kNoFileReason[] = "CAPTURE_HAS_NO_FILE";

std::string PrintableName(absl::string_view name) {
  return Printable(name, LineBreaks::kEscape);
}

// Returns the names of interfaces as tshark lists them.
std::string NamesText(const std::vector<std::string>& names) {
  if (names.size() > 3) return absl::StrCat(names.size(), " interfaces");
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) absl::StrAppend(&text, names.size() > 2 ? ", " : " ");
    if (i > 0 && i + 1 == names.size()) absl::StrAppend(&text, "and ");
    absl::StrAppend(&text, "'", names[i], "'");
  }
  return text;
}

// Replaces the interfaces by their names on the daemon, except for those of
// this machine; `display_names` gets their names for users.
ExitCode ResolveInterfaces(const InterfaceList& list,
                           v1::CaptureOptions* capture,
                           std::vector<std::string>* display_names) {
  for (v1::InterfaceOptions& interface : *capture->mutable_interfaces()) {
    if (interface.from_client()) {
      display_names->push_back(interface.name());
      continue;
    }
    const absl::StatusOr<std::string> name = list.Resolve(interface.name());
    if (!name.ok()) {
      PrintError(name.status().message());
      return kExitBadOption;
    }
    if (!interface.extcap_arguments().empty() && !list.IsExtcap(*name)) {
      PrintError(absl::StrCat(
          "--extcap-argument needs an interface of an extcap program; \"",
          *name, "\" is none that the operator allows."));
      return kExitBadOption;
    }
    interface.set_name(*name);
    display_names->push_back(list.DisplayName(*name));
  }
  return kExitOk;
}

// The outcome of a capture.
struct Outcome {
  ExitCode code = kExitOk;
  // Whether the daemon accepted the dissection.
  bool began = true;
  // The number of frames that passed the display filter, if frames were
  // dissected.
  uint64_t frames = 0;
};

// Counts frames that pass the filter even if they are not printed, as tshark
// does.
bool IsDissected(const CaptureCommandOptions& options) {
  return options.print.print || !options.print.display_filter.empty();
}

// A pipe has no packets, and nothing to dissect, until its writer sends some.
// Neither has an extcap program.
bool HasPipe(const v1::CaptureOptions& capture, const InterfaceList& list) {
  return std::any_of(capture.interfaces().begin(), capture.interfaces().end(),
                     [&list](const v1::InterfaceOptions& interface) {
                       return interface.from_client() ||
                              absl::StartsWith(interface.name(), "/") ||
                              list.IsExtcap(interface.name());
                     });
}

void Announce(const CaptureCommandOptions& options, const std::string& names) {
  if (options.very_quiet) return;
  std::fprintf(stderr, "Capturing on %s\n", PrintableName(names).c_str());
}

// The interfaces that are captured from.
struct Sources {
  // Their names for users.
  std::string names;
  bool has_pipe = false;
};

// Prints why what is added to frames is missing. A capture that has ended
// before it had a file has no frames.
ExitCode ReportWatching(const grpc::Status& status) {
  return FailureOf(status).reason() == kNoFileReason ? kExitOk
                                                     : ReportStatus(status);
}

// Dissects the frames of a capture until it ends, and prints them if asked to.
// If the daemon refuses, prints only that error.
Outcome PrintFrames(const std::shared_ptr<grpc::Channel>& channel,
                    const CaptureCommandOptions& options,
                    const Sources& sources, const std::string& name) {
  PrintOptions print = options.print;
  ResolveOlderNames(channel, &print.only_protocols);
  const ExitCode attached = AttachFiles(channel, print.missing_keys(),
                                        &print.dissection, &print.attached);
  if (attached != kExitOk) return {attached, /*began=*/false};
  v1::DissectRequest request = MakeDissectRequest(print);
  request.set_capture(name);
  request.mutable_live()->set_reset_after_frames(options.reset_after);
  FramePrinter printer(channel, print);
  std::optional<LiveInfo> info;
  if (AddsToInfo(options)) {
    info.emplace(channel, name, options.analysis.reports, print);
    printer.AddToInfo(&*info);
  }
  if (sources.has_pipe) {
    Announce(options, sources.names);
  } else {
    printer.OnBegin([&] { Announce(options, sources.names); });
  }
  Outcome outcome;
  outcome.code = printer.Run(request);
  outcome.began = printer.began() || outcome.code == kExitOk;
  outcome.frames = printer.frames();
  if (info.has_value() && outcome.code == kExitOk) {
    outcome.code = ReportWatching(info->Finish());
  }
  return outcome;
}

// Shows the running packet count until the capture ends.
ExitCode ShowCount(const CaptureCommandOptions& options, LiveCapture* capture) {
  const bool show =
      isatty(STDERR_FILENO) != 0 && !options.quiet && !options.very_quiet;
  const grpc::Status status = capture->Wait([show](uint64_t packets) {
    if (show) {
      std::fprintf(stderr, "\r%llu ", static_cast<unsigned long long>(packets));
    }
  });
  // The next line that is printed overwrites the count.
  if (show) std::fputc('\r', stderr);
  return ReportStatus(status);
}

// tshark doesn't count errors after the first file was opened.
ExitCode EndCode(const v1::Capture& capture,
                 const CaptureCommandOptions& options) {
  if (capture.stopped().reason() != v1::STOP_REASON_FAILED) return kExitOk;
  if (!capture.has_current_file()) return kExitBadOption;
  return options.print.as_tshark ? kExitOk : kExitBadInput;
}

// Prints the totals of a capture.
ExitCode Report(const std::shared_ptr<grpc::Channel>& channel,
                const v1::Capture& capture, const Outcome& outcome,
                const CaptureCommandOptions& options) {
  std::fputs(DropLines(capture).c_str(), stderr);
  const v1::CaptureStopped& stopped = capture.stopped();
  if (!stopped.failure().message().empty()) {
    PrintError(FailureText(stopped.failure()));
  }
  if (!options.very_quiet) {
    // When frames are written to a file, the count is that of the file.
    const bool count_frames =
        IsDissected(options) && !options.keep && options.output.empty();
    std::fputs(PacketCountLine(count_frames ? outcome.frames
                                            : capture.packets_written())
                   .c_str(),
               stderr);
  }
  if (options.keep && !options.very_quiet) {
    const grpc::Status status = ForEachCaptureFile(
        channel, capture.name(), [](const v1::CaptureFile& file) {
          std::fprintf(stderr, "File: %s\n",
                       PrintableName(file.file()).c_str());
        });
    if (!status.ok()) return ReportStatus(status);
  }
  return EndCode(capture, options);
}

// Prints frames, or counts packets, until a capture ends.
Outcome PrintOrCount(const std::shared_ptr<grpc::Channel>& channel,
                     const CaptureCommandOptions& options,
                     const Sources& sources, LiveCapture* capture) {
  if (IsDissected(options)) {
    return PrintFrames(channel, options, sources, capture->name());
  }
  Announce(options, sources.names);
  Outcome outcome;
  outcome.code = ShowCount(options, capture);
  return outcome;
}

// Writes the packets of a capture to a file of this machine while it runs.
class Download {
 public:
  Download(const std::shared_ptr<grpc::Channel>& channel,
           const CaptureCommandOptions& options)
      : wanted_(!options.output.empty()),
        code_if_lost_(options.print.as_tshark ? kExitBadOption : kExitOutput),
        many_files_(options.capture.has_ring()),
        download_(channel, options.output, options.capture.group_access()) {}

  absl::Status Open() {
    if (!wanted_) return absl::OkStatus();
    return many_files_ ? download_.CheckFolder() : download_.Open();
  }

  // Stops the capture if its packets can't be written.
  void Start(LiveCapture* capture) {
    if (!wanted_ || many_files_) return;
    thread_ = std::thread([this, capture] {
      status_ = download_.Follow(capture->name());
      if (!status_.ok()) capture->Interrupt();
    });
  }

  // Waits until everything is written. Call it after the capture has ended.
  ExitCode Finish(const LiveCapture& capture) {
    if (thread_.joinable()) thread_.join();
    if (wanted_ && many_files_) status_ = download_.CopyAll(capture.name());
    if (status_.ok()) return kExitOk;
    PrintError(status_.message());
    return code_if_lost_;
  }

  // Whether packets of the store are missing on this machine, other than those
  // that the reader of a pipe didn't want.
  bool lacks_packets() const {
    return !status_.ok() && !absl::IsAborted(status_);
  }

 private:
  const bool wanted_;
  const ExitCode code_if_lost_;
  const bool many_files_;
  CaptureDownload download_;
  std::thread thread_;
  absl::Status status_;
};

// Prints why a capture can't be stopped, unless the loss of the daemon has been
// reported, and how to go on if the next daemon has the capture.
ExitCode ReportLoss(const grpc::Status& status, const Outcome& outcome,
                    const CaptureCommandOptions& options,
                    const std::string& name) {
  const ExitCode code =
      outcome.code == kExitOk ? ReportStatus(status) : outcome.code;
  // gRPC cancels a call that reaches a daemon at its very end. Packets from
  // this machine end with the daemon.
  const bool is_lost = status.error_code() == grpc::StatusCode::UNAVAILABLE ||
                       status.error_code() == grpc::StatusCode::CANCELLED;
  if (is_lost && options.local_pipes.empty()) {
    const std::string capture = PrintableName(name);
    PrintError(absl::StrCat("The capture may go on as ", capture,
                            ": dissectctl watch ", capture,
                            ", dissectctl stop ", capture));
  }
  return code;
}

// Runs a started capture to its end.
ExitCode Follow(const std::shared_ptr<grpc::Channel>& channel,
                const CaptureCommandOptions& options, const Sources& sources,
                LiveCapture* capture, CaptureFeed* feed, Download* download) {
  feed->Start(capture->name(), [capture] { capture->Interrupt(); });
  download->Start(capture);
  const Outcome outcome = PrintOrCount(channel, options, sources, capture);
  v1::Capture result;
  grpc::Status status = capture->Stop(&result);
  feed->Stop();
  if (!status.ok()) {
    download->Finish(*capture);
    return ReportLoss(status, outcome, options, capture->name());
  }
  ExitCode code = download->Finish(*capture);
  if (outcome.code != kExitOk) code = outcome.code;
  if (outcome.began) {
    const ExitCode report = Report(channel, result, outcome, options);
    if (code == kExitOk) code = report;
    if (options.analysis.any()) {
      const ExitCode analysis =
          AnalyzeCapture(channel, options, capture->name());
      if (code == kExitOk) code = analysis;
    }
  }
  // Deletes the packets of a capture whose dissection was refused, for example
  // because of a wrong display filter.
  if (options.keep && outcome.began) return code;
  if (download->lacks_packets()) {
    PrintError(
        absl::StrCat("The daemon keeps the packets: dissectctl captures "
                     "get ",
                     PrintableName(capture->name())));
    return code;
  }
  status = capture->Delete();
  if (!status.ok() && code == kExitOk) return ReportStatus(status);
  return code;
}

// Returns the interface that the error is about; null if it is about none.
const v1::InterfaceOptions* InterfaceOf(const grpc::Status& status,
                                        const v1::CaptureOptions& capture) {
  const v1::Failure failure = FailureOf(status);
  const auto text = failure.metadata().find(kInterfaceIndexKey);
  int index = 0;
  if (text == failure.metadata().end() ||
      !absl::SimpleAtoi(text->second, &index) || index < 0 ||
      index >= capture.interfaces_size()) {
    return nullptr;
  }
  return &capture.interfaces(index);
}

// Returns what to say if a capture filter is the name of an interface; empty if
// it isn't.
std::string InterfaceHint(const InterfaceList& list,
                          const std::string& filter) {
  for (const v1::Interface& interface : list.interfaces().interfaces()) {
    if (interface.name() != filter) continue;
    return absl::StrCat("\n\nTo capture from the interface \"", filter,
                        "\", use: -i ", filter);
  }
  return std::string();
}

// tshark exits with this code if capturing cannot start.
ExitCode FailToStart(const std::shared_ptr<grpc::Channel>& channel,
                     const grpc::Status& status,
                     const v1::CaptureOptions& capture,
                     const InterfaceList& list) {
  const v1::InterfaceOptions* interface = InterfaceOf(status, capture);
  if (interface == nullptr || !IsCaptureFilterError(status)) {
    const ExitCode code = ReportStatus(status);
    return code == kExitBadInput ? kExitBadOption : code;
  }
  const std::string& filter = interface->capture_filter();
  PrintError(
      absl::StrCat(CaptureFilterErrorText(channel, status, filter,
                                          list.ShortName(interface->name())),
                   InterfaceHint(list, filter)));
  return kExitBadOption;
}

// Opens the pipe of this machine that packets come from, if there is one.
absl::Status OpenFeed(const CaptureCommandOptions& options, CaptureFeed* feed) {
  for (const std::string& pipe : options.local_pipes) {
    const absl::Status status = feed->Open(pipe);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

ExitCode RunCapture(const std::shared_ptr<grpc::Channel>& channel,
                    const CaptureCommandOptions& options) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that the
  // capture is still stopped.
  std::signal(SIGPIPE, SIG_IGN);
  v1::CaptureOptions capture_options = options.capture;
  InterfaceList list;
  grpc::Status status = list.Fetch(channel);
  if (!status.ok()) return FailToStart(channel, status, capture_options, list);
  std::vector<std::string> display_names;
  const ExitCode code =
      ResolveInterfaces(list, &capture_options, &display_names);
  if (code != kExitOk) return code;
  status = ApplyExtcapPreferences(channel, list, options.extcap_preferences,
                                  &capture_options);
  if (!status.ok()) return FailToStart(channel, status, capture_options, list);

  if (options.analysis.any()) {
    const ExitCode refused = CheckCaptureAnalysis(channel, options);
    if (refused != kExitOk) return refused;
  }
  Download download(channel, options);
  if (const absl::Status opened = download.Open(); !opened.ok()) {
    PrintError(opened.message());
    return kExitBadOption;
  }
  CaptureFeed feed(channel);
  if (const absl::Status opened = OpenFeed(options, &feed); !opened.ok()) {
    PrintError(opened.message());
    return kExitBadOption;
  }
  LiveCapture capture(channel);
  const InterruptHandler handler([&capture] { capture.Interrupt(); });
  status = capture.Create(capture_options,
                          options.keep ? LiveCapture::IfKilled::kGoesOn
                                       : LiveCapture::IfKilled::kEndsSoon);
  if (!status.ok()) return FailToStart(channel, status, capture_options, list);
  if (options.detach) {
    std::printf("%s\n", PrintableName(capture.name()).c_str());
    return kExitOk;
  }
  return Follow(channel, options,
                {NamesText(display_names), HasPipe(capture_options, list)},
                &capture, &feed, &download);
}

}  // namespace

void AddCaptureCommand(CLI::App* program, Action* action) {
  CLI::App* command = program->add_subcommand(
      "capture", "Capture packets and print them as tshark does");
  const auto raw = std::make_shared<RawCaptureOptions>();
  AddCaptureOptions(command, raw.get());
  AddExamples(command, {"dissectctl capture -i lo -f 'udp port 53' -c 10",
                        "dissectctl capture -i lo -Y dns -a duration:2",
                        "dissectctl capture -i lo -w trace.pcapng -c 10",
                        "dissectctl capture -i lo --detach -c 10",
                        "cat trace.pcap | dissectctl capture -i - -Y dns"});
  SetCheckedAction(command, raw, CheckCaptureOptions, RunCapture, action);
}

}  // namespace dissectd::cli
