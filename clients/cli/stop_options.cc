// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/stop_options.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/number_options.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

// `option` is tshark's name of the option.
absl::Status UnknownPart(absl::string_view option, absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("Invalid or unknown ", option, " \"", text, "\""));
}

absl::Status ApplyStopCondition(const std::string& text,
                                v1::StopConditions* stop) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  const auto& [key, value] = parts;
  if (value.empty()) return UnknownPart("-a flag", text);
  if (key == "duration") {
    ASSIGN_OR_RETURN(*stop->mutable_duration(),
                     ParseSeconds("autostop duration", value));
  } else if (key == "filesize") {
    ASSIGN_OR_RETURN(const uint32_t size,
                     ParsePositive("autostop filesize", value));
    stop->set_file_size_kb(size);
  } else if (key == "files") {
    ASSIGN_OR_RETURN(const uint32_t files,
                     ParsePositive("autostop files", value));
    stop->set_files(files);
  } else if (key == "packets") {
    ASSIGN_OR_RETURN(const uint32_t packets,
                     ParsePositive("packet write count", value));
    stop->set_packets(packets);
  } else {
    return UnknownPart("-a flag", key);
  }
  return absl::OkStatus();
}

absl::Status CheckStop(const RawCaptureOptions& raw, bool count_given,
                       v1::CaptureOptions* capture) {
  for (const std::string& text : raw.stop_conditions) {
    RETURN_IF_ERROR(ApplyStopCondition(text, capture->mutable_stop()));
  }
  if (!count_given) return absl::OkStatus();
  ASSIGN_OR_RETURN(uint64_t count,
                   ParsePositive("packet count", raw.packet_count));
  const uint64_t other = capture->stop().packets();
  if (other != 0) count = std::min(count, other);
  capture->mutable_stop()->set_packets(count);
  return absl::OkStatus();
}

absl::Status ApplyRing(const std::string& text, v1::RingBuffer* ring) {
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  const auto& [key, value] = parts;
  if (value.empty()) return UnknownPart("-b arg", text);
  if (key == "duration") {
    ASSIGN_OR_RETURN(*ring->mutable_duration(),
                     ParseSeconds("ring buffer duration", value));
  } else if (key == "interval") {
    ASSIGN_OR_RETURN(*ring->mutable_interval(),
                     ParseSeconds("ring buffer interval", value));
  } else if (key == "filesize") {
    ASSIGN_OR_RETURN(const uint32_t size,
                     ParsePositive("ring buffer filesize", value));
    ring->set_file_size_kb(size);
  } else if (key == "packets") {
    ASSIGN_OR_RETURN(const uint32_t packets,
                     ParsePositive("ring buffer packet count", value));
    ring->set_packets(packets);
  } else if (key == "files") {
    ASSIGN_OR_RETURN(const uint32_t files,
                     ParseNatural("number of ring buffer files", value));
    ring->set_files(files);
  } else {
    return UnknownPart("-b arg", key);
  }
  return absl::OkStatus();
}

absl::Status CheckRing(const RawCaptureOptions& raw,
                       v1::CaptureOptions* capture) {
  if (raw.ring.empty()) return absl::OkStatus();
  v1::RingBuffer* ring = capture->mutable_ring();
  for (const std::string& text : raw.ring) {
    RETURN_IF_ERROR(ApplyRing(text, ring));
  }
  if (ring->file_size_kb() == 0 && ring->packets() == 0 &&
      !ring->has_duration() && !ring->has_interval()) {
    return absl::InvalidArgumentError(
        "Multiple capture files requested, but no maximum capture file size, "
        "duration, interval or packets were specified.");
  }
  return absl::OkStatus();
}

}  // namespace

void AddStopOptions(CLI::App* command, RawCaptureOptions* raw) {
  AddValue(command, "-c", &raw->packet_count, "Stop after N packets")
      ->type_name("N")
      ->group("Capture");
  AddList(command, "-a,--autostop", &raw->stop_conditions,
          "Stop after duration:SECONDS, filesize:KB, files:N or packets:N")
      ->type_name("CONDITION")
      ->group("Capture");
  AddList(command, "-b,--ring-buffer", &raw->ring,
          "Begin a new file after duration:SECONDS, filesize:KB, packets:N, or "
          "when the time is a multiple of interval:SECONDS; keep files:N")
      ->type_name("CONDITION")
      ->group("Capture");
}

absl::Status CheckStopOptions(const CLI::App& command,
                              const RawCaptureOptions& raw,
                              v1::CaptureOptions* capture) {
  RETURN_IF_ERROR(CheckStop(raw, IsGiven(command, "-c"), capture));
  return CheckRing(raw, capture);
}

}  // namespace dissectd::cli
