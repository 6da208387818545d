// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_options.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "google/protobuf/duration.pb.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/dumpcap/capture_errors.h"
#include "server/interface/interface_name.h"
#include "server/process/async_subprocess.h"

namespace dissectd::server {
namespace {

using google::protobuf::Duration;

// Limits of dumpcap, which refuses larger values or can't represent them.
constexpr int kMaxInterfaces = 64;
constexpr uint32_t kMaxSnapLength = 262'144;
constexpr uint32_t kMaxBufferMib = 1024;
constexpr uint64_t kMaxFileSizeKb = 2'000'000;
constexpr uint32_t kMaxRingFiles = 100'000;
constexpr uint64_t kMaxNumber = INT32_MAX;
constexpr int64_t kMaxSeconds = INT32_MAX;
// The limit for the name of a client's interface, which may be a path.
constexpr size_t kMaxClientNameBytes = 4096;
// Many more arguments than an extcap program has.
constexpr int kMaxExtcapValues = 256;

absl::Status CheckText(absl::string_view option, absl::string_view text) {
  if (text.find('\0') != absl::string_view::npos) {
    return errors::CaptureOptionInvalid(option, "has a NUL character");
  }
  return absl::OkStatus();
}

absl::Status CheckAtMost(absl::string_view option, uint64_t value,
                         uint64_t limit) {
  if (value <= limit) return absl::OkStatus();
  return errors::CaptureOptionInvalid(
      option, absl::StrCat("is ", value, "; the limit is ", limit));
}

absl::Status CheckDuration(absl::string_view option, bool given,
                           const Duration& duration) {
  if (!given) return absl::OkStatus();
  const bool positive = duration.seconds() >= 0 && duration.nanos() >= 0 &&
                        (duration.seconds() > 0 || duration.nanos() > 0);
  if (!positive) return errors::CaptureOptionInvalid(option, "isn't positive");
  if (duration.seconds() > kMaxSeconds) {
    return errors::CaptureOptionInvalid(option, "is too long");
  }
  return absl::OkStatus();
}

absl::Status CheckPipe(const std::string& path, const CapturePolicy& policy) {
  if (policy.pipes.empty()) return errors::InterfaceNotFound(path);
  std::error_code error;
  const std::filesystem::path folder =
      std::filesystem::canonical(policy.pipes, error);
  // Resolves links and dots, so that the pipe's folder is the real one.
  const std::filesystem::path parent = std::filesystem::canonical(
      std::filesystem::path(path).parent_path(), error);
  if (error || parent != folder ||
      !std::filesystem::is_fifo(std::filesystem::symlink_status(path, error))) {
    return errors::InterfaceNotFound(path);
  }
  return absl::OkStatus();
}

// An extcap program has neither channels nor a monitor mode, and its arguments
// are checked later, as only the program knows them.
absl::Status CheckExtcap(const v1::InterfaceOptions& interface) {
  if (interface.has_wifi_channel()) {
    return errors::CaptureOptionInvalid(
        "wifi_channel", "has no meaning for an interface of an extcap program");
  }
  if (interface.extcap_arguments_size() > kMaxExtcapValues) {
    return errors::CaptureOptionInvalid("extcap_arguments",
                                        "has too many entries");
  }
  return absl::OkStatus();
}

// Any name will do, as it only gets into the file.
absl::Status CheckClientInterface(const v1::InterfaceOptions& interface) {
  if (interface.name().empty()) {
    return errors::CaptureOptionInvalid("name", "is missing");
  }
  if (interface.name().size() > kMaxClientNameBytes) {
    return errors::CaptureOptionInvalid("name", "is too long");
  }
  if (interface.has_wifi_channel()) {
    return errors::CaptureOptionInvalid(
        "wifi_channel", "has no meaning for packets from the client");
  }
  return CheckText("name", interface.name());
}

absl::Status CheckSource(const v1::InterfaceOptions& interface,
                         const CapturePolicy& policy) {
  if (IsExtcap(interface, policy)) return CheckExtcap(interface);
  if (!interface.extcap_arguments().empty()) {
    return errors::CaptureOptionInvalid(
        "extcap_arguments",
        absl::StrCat("has no meaning: \"", interface.name(),
                     "\" isn't an interface of an extcap program that the "
                     "operator allows"));
  }
  if (interface.from_client()) return CheckClientInterface(interface);
  return IsNamedPipe(interface) ? CheckPipe(interface.name(), policy)
                                : CheckInterfaceName(interface.name());
}

absl::Status CheckInterface(const v1::InterfaceOptions& interface,
                            const CapturePolicy& policy) {
  RETURN_IF_ERROR(CheckSource(interface, policy));
  RETURN_IF_ERROR(CheckText("capture_filter", interface.capture_filter()));
  RETURN_IF_ERROR(CheckText("link_type", interface.link_type()));
  RETURN_IF_ERROR(CheckText("timestamp_type", interface.timestamp_type()));
  RETURN_IF_ERROR(CheckAtMost("snapshot_length", interface.snapshot_length(),
                              kMaxSnapLength));
  RETURN_IF_ERROR(
      CheckAtMost("buffer_mib", interface.buffer_mib(), kMaxBufferMib));
  if (!interface.has_wifi_channel()) return absl::OkStatus();
  const v1::WifiChannel& channel = interface.wifi_channel();
  if (channel.frequency_mhz() == 0) {
    return errors::CaptureOptionInvalid("wifi_channel", "has no frequency");
  }
  if (channel.type().find(',') != std::string::npos) {
    return errors::CaptureOptionInvalid("wifi_channel",
                                        "has a type with a ','");
  }
  return CheckText("wifi_channel", channel.type());
}

absl::Status CheckStop(const v1::CaptureOptions& options) {
  const v1::StopConditions& stop = options.stop();
  RETURN_IF_ERROR(CheckAtMost("stop.packets", stop.packets(), kMaxNumber));
  RETURN_IF_ERROR(
      CheckAtMost("stop.file_size_kb", stop.file_size_kb(), kMaxFileSizeKb));
  RETURN_IF_ERROR(
      CheckDuration("stop.duration", stop.has_duration(), stop.duration()));
  if (stop.files() != 0 && !options.has_ring()) {
    return errors::CaptureOptionInvalid("stop.files",
                                        "has no meaning without a ring");
  }
  return CheckAtMost("stop.files", stop.files(), kMaxRingFiles);
}

// Without a condition, dumpcap would write one endless file.
absl::Status CheckRing(const v1::CaptureOptions& options) {
  if (!options.has_ring()) return absl::OkStatus();
  const v1::RingBuffer& ring = options.ring();
  if (!ring.has_duration() && !ring.has_interval() && ring.packets() == 0 &&
      ring.file_size_kb() == 0) {
    return errors::CaptureOptionInvalid(
        "ring", "has no condition for beginning the next file");
  }
  RETURN_IF_ERROR(CheckAtMost("ring.files", ring.files(), kMaxRingFiles));
  RETURN_IF_ERROR(CheckAtMost("ring.packets", ring.packets(), kMaxNumber));
  RETURN_IF_ERROR(
      CheckAtMost("ring.file_size_kb", ring.file_size_kb(), kMaxFileSizeKb));
  RETURN_IF_ERROR(
      CheckDuration("ring.duration", ring.has_duration(), ring.duration()));
  return CheckDuration("ring.interval", ring.has_interval(), ring.interval());
}

// dumpcap refuses to write comments into other files.
bool TakesComments(const v1::CaptureOptions& options) {
  return options.format() != v1::CAPTURE_FORMAT_PCAP && !options.has_ring();
}

absl::Status CheckFile(const v1::CaptureOptions& options) {
  const std::string& name = options.file_name();
  if (!name.empty()) RETURN_IF_ERROR(CheckNewFileName(name, name));
  const bool pcap = options.format() == v1::CAPTURE_FORMAT_PCAP;
  if (pcap && options.interfaces_size() > 1) {
    return errors::CaptureOptionInvalid(
        "format", "is pcap, which supports only one interface");
  }
  if (options.comment().empty()) return absl::OkStatus();
  if (!TakesComments(options)) {
    return errors::CaptureOptionInvalid("comment",
                                        "needs a single file in pcapng");
  }
  return CheckText("comment", options.comment());
}

std::string Seconds(const Duration& duration) {
  return absl::StrCat(static_cast<double>(duration.seconds()) +
                      static_cast<double>(duration.nanos()) / 1e9);
}

// Builds a command line; leaves out options without a value.
class Arguments {
 public:
  void Add(absl::string_view option, const std::string& value) {
    arguments_.emplace_back(option);
    arguments_.push_back(value);
  }
  void AddText(absl::string_view option, const std::string& value) {
    if (!value.empty()) Add(option, value);
  }
  void AddNumber(absl::string_view option, uint64_t value) {
    if (value != 0) Add(option, absl::StrCat(value));
  }
  // Adds `NAME:VALUE`.
  void AddCondition(absl::string_view option, absl::string_view name,
                    uint64_t value) {
    if (value != 0) Add(option, absl::StrCat(name, ":", value));
  }
  void AddCondition(absl::string_view option, absl::string_view name,
                    bool given, const Duration& duration) {
    if (given) Add(option, absl::StrCat(name, ":", Seconds(duration)));
  }
  void AddFlag(absl::string_view option, bool value) {
    if (value) arguments_.emplace_back(option);
  }

  std::vector<std::string> Take() { return std::move(arguments_); }

 private:
  std::vector<std::string> arguments_;
};

// `input` is the name of the pipe from an extcap program, with its description;
// empty if the interface has none.
void AddInterface(const v1::InterfaceOptions& interface,
                  const std::string& input, const std::string& description,
                  Arguments* arguments) {
  if (!input.empty()) {
    arguments->Add("-i", input);
    arguments->Add("--ifname", interface.name());
    arguments->AddText("--ifdescr", description);
  } else if (interface.from_client()) {
    arguments->Add("-i", "-");
    arguments->Add("--ifname", interface.name());
  } else {
    arguments->Add("-i", interface.name());
  }
  arguments->AddText("-f", interface.capture_filter());
  arguments->AddNumber("-s", interface.snapshot_length());
  arguments->AddFlag("-p",
                     interface.has_promiscuous() && !interface.promiscuous());
  arguments->AddFlag("-I", interface.monitor_mode());
  arguments->AddNumber("-B", interface.buffer_mib());
  arguments->AddText("-y", interface.link_type());
  arguments->AddText("--time-stamp-type", interface.timestamp_type());
}

}  // namespace

bool IsExtcap(const v1::InterfaceOptions& interface,
              const CapturePolicy& policy) {
  return !interface.from_client() &&
         std::find(policy.extcap.begin(), policy.extcap.end(),
                   interface.name()) != policy.extcap.end();
}

std::string ExtcapInputName(size_t position) {
  return absl::StrCat(
      "/dev/fd/", AsyncSubprocess::kFirstOther + static_cast<int>(position));
}

bool IsNamedPipe(const v1::InterfaceOptions& interface) {
  return !interface.from_client() && absl::StartsWith(interface.name(), "/");
}

bool ReadsPipes(const v1::CaptureOptions& options) {
  return ClientInterface(options) != nullptr ||
         std::any_of(options.interfaces().begin(), options.interfaces().end(),
                     IsNamedPipe);
}

const v1::InterfaceOptions* ClientInterface(const v1::CaptureOptions& options) {
  const auto found =
      std::find_if(options.interfaces().begin(), options.interfaces().end(),
                   [](const v1::InterfaceOptions& interface) {
                     return interface.from_client();
                   });
  return found == options.interfaces().end() ? nullptr : &*found;
}

absl::Status CheckCaptureOptions(const v1::CaptureOptions& options,
                                 const CapturePolicy& policy) {
  if (options.interfaces().empty()) {
    return errors::CaptureOptionInvalid("interfaces", "is missing");
  }
  if (options.interfaces_size() > kMaxInterfaces) {
    return errors::CaptureOptionInvalid("interfaces", "has too many entries");
  }
  for (const v1::InterfaceOptions& interface : options.interfaces()) {
    RETURN_IF_ERROR(CheckInterface(interface, policy));
  }
  // There is only one standard input.
  if (std::count_if(options.interfaces().begin(), options.interfaces().end(),
                    [](const v1::InterfaceOptions& interface) {
                      return interface.from_client();
                    }) > 1) {
    return errors::CaptureOptionInvalid("from_client",
                                        "is set for several interfaces");
  }
  RETURN_IF_ERROR(CheckStop(options));
  RETURN_IF_ERROR(CheckRing(options));
  RETURN_IF_ERROR(CheckFile(options));
  RETURN_IF_ERROR(
      CheckAtMost("buffered_packets", options.buffered_packets(), kMaxNumber));
  return CheckAtMost("buffered_bytes", options.buffered_bytes(), kMaxNumber);
}

std::string CaptureFileName(const v1::CaptureOptions& options) {
  if (!options.file_name().empty()) return options.file_name();
  return options.format() == v1::CAPTURE_FORMAT_PCAP ? "capture.pcap"
                                                     : "capture.pcapng";
}

std::vector<std::string> CaptureArguments(
    const v1::CaptureOptions& options, const std::vector<std::string>& comments,
    const std::vector<ExtcapInput>& inputs, const std::string& path) {
  Arguments arguments;
  size_t next_input = 0;
  for (int i = 0; i < options.interfaces_size(); ++i) {
    std::string input;
    std::string description;
    if (next_input < inputs.size() && inputs[next_input].index == i) {
      description = inputs[next_input].description;
      input = ExtcapInputName(next_input++);
    }
    AddInterface(options.interfaces(i), input, description, &arguments);
  }
  const v1::StopConditions& stop = options.stop();
  arguments.AddNumber("-c", stop.packets());
  arguments.AddCondition("-a", "duration", stop.has_duration(),
                         stop.duration());
  arguments.AddCondition("-a", "filesize", stop.file_size_kb());
  arguments.AddCondition("-a", "files", stop.files());
  const v1::RingBuffer& ring = options.ring();
  arguments.AddCondition("-b", "files", ring.files());
  arguments.AddCondition("-b", "duration", ring.has_duration(),
                         ring.duration());
  arguments.AddCondition("-b", "filesize", ring.file_size_kb());
  arguments.AddCondition("-b", "packets", ring.packets());
  arguments.AddCondition("-b", "interval", ring.has_interval(),
                         ring.interval());
  arguments.AddFlag(options.format() == v1::CAPTURE_FORMAT_PCAP ? "-P" : "-n",
                    true);
  arguments.AddFlag("-g", options.group_access());
  arguments.AddText("--capture-comment", options.comment());
  if (TakesComments(options)) {
    for (const std::string& comment : comments) {
      arguments.AddText("--capture-comment", comment);
    }
  }
  arguments.AddNumber("-N", options.buffered_packets());
  arguments.AddNumber("-C", options.buffered_bytes());
  arguments.AddFlag("-t", options.thread_per_interface());
  arguments.Add("-w", path);
  return arguments.Take();
}

std::vector<std::string> WifiChannelArguments(
    const v1::InterfaceOptions& interface) {
  const v1::WifiChannel& channel = interface.wifi_channel();
  std::string value =
      absl::StrCat(channel.frequency_mhz(), ",",
                   channel.type().empty() ? "NOHT" : channel.type());
  if (channel.center_frequency1_mhz() != 0) {
    absl::StrAppend(&value, ",", channel.center_frequency1_mhz());
    if (channel.center_frequency2_mhz() != 0) {
      absl::StrAppend(&value, ",", channel.center_frequency2_mhz());
    }
  }
  return {"-i", interface.name(), "-k", value};
}

}  // namespace dissectd::server
