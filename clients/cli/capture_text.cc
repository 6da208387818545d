// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/format/output_buffer.h"
#include "clients/cli/format/time_text.h"

namespace dissectd::cli {
namespace {

// Returns the lower-case name of an enum value without its prefix, or its
// number if only newer servers know it.
std::string ValueText(absl::string_view prefix, const std::string& name,
                      int value) {
  if (name.empty()) return absl::StrCat(value);
  return absl::AsciiStrToLower(absl::StripPrefix(name, prefix));
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  OutputBuffer text;
  AppendIsoTime(time.seconds(), time.nanos(), &text);
  return std::string(text.view());
}

// Returns the text with tabs and line breaks replaced, to fit in a part of a
// line.
std::string OneLine(absl::string_view text) {
  return absl::StrReplaceAll(absl::StripAsciiWhitespace(text),
                             {{"\r\n", " "}, {"\n", " "}, {"\t", " "}});
}

absl::string_view Plural(uint64_t count) { return count == 1 ? "" : "s"; }

std::string StoppedText(const v1::CaptureStopped& stopped) {
  std::string text = absl::StrCat(
      "stopped\t",
      ValueText("STOP_REASON_", v1::StopReason_Name(stopped.reason()),
                stopped.reason()),
      "\t", stopped.packets_written(), "\t", stopped.packets_dropped());
  if (!stopped.failure().reason().empty() ||
      !stopped.failure().message().empty()) {
    absl::StrAppend(&text, "\t", stopped.failure().reason(), "\t",
                    OneLine(stopped.failure().message()));
  }
  return text;
}

std::string KindText(const v1::CaptureEvent& event) {
  switch (event.kind_case()) {
    case v1::CaptureEvent::kStarted:
      return absl::StrCat("started\t", event.started().process_id());
    case v1::CaptureEvent::kFileOpened:
      return absl::StrCat("file\t", event.file_opened().file());
    case v1::CaptureEvent::kPacketsWritten:
      return absl::StrCat("packets\t", event.packets_written().new_packets(),
                          "\t", event.packets_written().total_packets());
    case v1::CaptureEvent::kPacketsDropped:
      return absl::StrCat("dropped\t", event.packets_dropped().packets(), "\t",
                          event.packets_dropped().interface());
    case v1::CaptureEvent::kBadCaptureFilter:
      return absl::StrCat("bad_filter\t",
                          event.bad_capture_filter().interface_index(), "\t",
                          OneLine(event.bad_capture_filter().message()));
    case v1::CaptureEvent::kMessage:
      return absl::StrCat("message\t", OneLine(event.message().primary()), "\t",
                          OneLine(event.message().secondary()));
    case v1::CaptureEvent::kStopped:
      return StoppedText(event.stopped());
    default:
      // Newer servers may send other kinds.
      return "unknown";
  }
}

}  // namespace

std::string CaptureLine(const v1::Capture& capture) {
  return absl::StrCat(
      capture.name(), "\t",
      ValueText("CAPTURE_STATE_", v1::CaptureState_Name(capture.state()),
                capture.state()),
      "\t", capture.packets_written(), "\t", TimeText(capture.create_time()),
      "\t", capture.file_count(), "\n");
}

std::string CaptureFileLine(const v1::CaptureFile& file) {
  return absl::StrCat(file.file(), "\t", file.first_packet(), "\t",
                      file.packets(), "\n");
}

std::string CaptureEventLine(const v1::CaptureEvent& event) {
  return absl::StrCat(event.sequence(), "\t", TimeText(event.time()), "\t",
                      KindText(event), "\n");
}

std::string RatesLine(const v1::WatchCaptureStatisticsResponse& rates) {
  const double seconds = static_cast<double>(rates.interval().seconds()) +
                         static_cast<double>(rates.interval().nanos()) / 1e9;
  const v1::CaptureCounts& counts = rates.counts();
  std::string line = absl::StrCat(
      TimeText(rates.time()), "\t", absl::StrFormat("%.3f", seconds), "\t",
      counts.packets(), "\t", counts.bytes(), "\t", counts.dropped());
  for (const v1::ProtocolCount& count : counts.protocols()) {
    absl::StrAppend(&line, "\t", count.name(), " ", count.packets(), " ",
                    count.bytes());
  }
  return line + "\n";
}

std::string DropLines(const v1::Capture& capture) {
  std::string lines;
  for (const v1::PacketsDropped& drops : capture.drops()) {
    if (drops.packets() == 0) continue;
    absl::StrAppend(&lines, drops.packets(), " packet", Plural(drops.packets()),
                    " dropped from ", drops.interface(), "\n");
  }
  return lines;
}

std::string PacketCountLine(uint64_t packets) {
  return absl::StrCat(packets, " packet", Plural(packets), " captured\n");
}

}  // namespace dissectd::cli
