// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_tables.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cpp/output_buffer.h"
#include "clients/cpp/time_text.h"
#include "google/protobuf/util/time_util.h"

namespace dissectd::cli {
namespace {

constexpr Table::Align kLeft = Table::Align::kLeft;
constexpr Table::Align kRight = Table::Align::kRight;

// The width of a time in ISO 8601 with nanoseconds.
constexpr size_t kTimeWidth = 30;
// The width of `captures/` and an id.
constexpr size_t kNameWidth = 41;

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

// Returns the lines of a message as one line.
std::string OneLine(absl::string_view text) {
  return absl::StrReplaceAll(
      absl::StripAsciiWhitespace(text),
      {{"\r\n", " "}, {"\n\n", " "}, {"\n", " "}, {"\t", " "}});
}

std::string StoppedText(const v1::CaptureStopped& stopped) {
  std::string text = absl::StrCat(
      ValueText("STOP_REASON_", v1::StopReason_Name(stopped.reason()),
                stopped.reason()),
      ", ", stopped.packets_written(), " packets, ", stopped.packets_dropped(),
      " dropped");
  for (const std::string& part :
       {stopped.failure().reason(), stopped.failure().message()}) {
    if (!part.empty()) absl::StrAppend(&text, ", ", OneLine(part));
  }
  return text;
}

// The kind of an event, and the text about it.
struct EventText {
  std::string kind;
  std::string details;
};

EventText TextOf(const v1::CaptureEvent& event) {
  switch (event.kind_case()) {
    case v1::CaptureEvent::kStarted:
      return {"started",
              absl::StrCat("process ", event.started().process_id())};
    case v1::CaptureEvent::kFileOpened:
      return {"file", event.file_opened().file()};
    case v1::CaptureEvent::kPacketsWritten:
      return {"packets",
              absl::StrCat(event.packets_written().new_packets(), " new, ",
                           event.packets_written().total_packets(), " in all")};
    case v1::CaptureEvent::kPacketsDropped:
      return {"dropped",
              absl::StrCat(event.packets_dropped().packets(), " packets from ",
                           event.packets_dropped().interface())};
    case v1::CaptureEvent::kBadCaptureFilter:
      return {"bad_filter",
              absl::StrCat("interface ",
                           event.bad_capture_filter().interface_index(), ": ",
                           OneLine(event.bad_capture_filter().message()))};
    case v1::CaptureEvent::kMessage:
      return {"message", OneLine(absl::StrCat(event.message().primary(), "\n",
                                              event.message().secondary()))};
    case v1::CaptureEvent::kAdopted:
      return {"adopted",
              absl::StrCat("after ",
                           google::protobuf::util::TimeUtil::ToString(
                               event.adopted().unattended()),
                           " without a daemon")};
    case v1::CaptureEvent::kStopped:
      return {"stopped", StoppedText(event.stopped())};
    default:
      // Newer servers may send other kinds.
      return {"unknown", ""};
  }
}

std::string CounterText(bool known, uint64_t value) {
  return known ? absl::StrCat(value) : "-";
}

}  // namespace

std::vector<Table::Column> CaptureColumns() {
  return {{"NAME", kNameWidth, kLeft},
          {"STATE", 9, kLeft},
          {"PACKETS", 10, kRight},
          {"CREATED", kTimeWidth, kLeft},
          {"FILES", 5, kRight}};
}

std::vector<std::string> CaptureCells(const v1::Capture& capture) {
  return {capture.name(),
          ValueText("CAPTURE_STATE_", v1::CaptureState_Name(capture.state()),
                    capture.state()),
          absl::StrCat(capture.packets_written()),
          TimeText(capture.create_time()), absl::StrCat(capture.file_count())};
}

std::vector<Table::Column> CaptureFileColumns() {
  return {{"FIRST PACKET", 12, kRight},
          {"PACKETS", 10, kRight},
          {"FILE", 0, kLeft}};
}

std::vector<std::string> CaptureFileCells(const v1::CaptureFile& file) {
  return {absl::StrCat(file.first_packet()), absl::StrCat(file.packets()),
          file.file()};
}

std::vector<Table::Column> CaptureEventColumns() {
  return {{"EVENT", 6, kRight},
          {"TIME", kTimeWidth, kLeft},
          {"KIND", 10, kLeft},
          {"DETAILS", 0, kLeft}};
}

std::vector<std::string> CaptureEventCells(const v1::CaptureEvent& event) {
  EventText text = TextOf(event);
  return {absl::StrCat(event.sequence()), TimeText(event.time()),
          std::move(text.kind), std::move(text.details)};
}

std::vector<Table::Column> RatesColumns() {
  return {{"TIME", kTimeWidth, kLeft}, {"SECONDS", 8, kRight},
          {"PACKETS", 10, kRight},     {"BYTES", 12, kRight},
          {"DROPPED", 8, kRight},      {"PROTOCOLS (PACKETS/BYTES)", 0, kLeft}};
}

std::vector<std::string> RatesCells(
    const v1::WatchCaptureStatisticsResponse& rates) {
  const double seconds = static_cast<double>(rates.interval().seconds()) +
                         static_cast<double>(rates.interval().nanos()) / 1e9;
  const v1::CaptureCounts& counts = rates.counts();
  std::string protocols =
      absl::StrJoin(counts.protocols(), ", ",
                    [](std::string* out, const v1::ProtocolCount& count) {
                      absl::StrAppend(out, count.name(), " ", count.packets(),
                                      "/", count.bytes());
                    });
  return {TimeText(rates.time()),         absl::StrFormat("%.3f", seconds),
          absl::StrCat(counts.packets()), absl::StrCat(counts.bytes()),
          absl::StrCat(counts.dropped()), std::move(protocols)};
}

std::vector<Table::Column> InterfaceCounterColumns() {
  return {{"TIME", kTimeWidth, kLeft}, {"INTERFACE", 15, kLeft},
          {"STATE", 5, kLeft},         {"CAPTURED", 10, kRight},
          {"RX PACKETS", 10, kRight},  {"RX BYTES", 12, kRight},
          {"RX DROPS", 8, kRight},     {"RX ERRORS", 9, kRight},
          {"TX PACKETS", 10, kRight},  {"TX BYTES", 12, kRight},
          {"TX DROPS", 8, kRight},     {"TX ERRORS", 9, kRight}};
}

std::vector<std::string> InterfaceCounterCells(
    const v1::WatchInterfaceStatisticsResponse& response,
    const v1::InterfaceCounters& counters) {
  std::vector<std::string> cells = {TimeText(response.time()), counters.name(),
                                    counters.up() ? "up" : "down",
                                    CounterText(counters.has_captured_packets(),
                                                counters.captured_packets())};
  const v1::KernelCounters& kernel = counters.kernel();
  for (const uint64_t value :
       {kernel.received_packets(), kernel.received_bytes(),
        kernel.received_dropped(), kernel.received_errors(),
        kernel.sent_packets(), kernel.sent_bytes(), kernel.sent_dropped(),
        kernel.sent_errors()}) {
    cells.push_back(CounterText(counters.has_kernel(), value));
  }
  return cells;
}

std::vector<Table::Column> ExtcapArgumentColumns() {
  return {{"ARGUMENT", 24, kLeft},
          {"TYPE", 12, kLeft},
          {"DEFAULT", 10, kLeft},
          {"DESCRIPTION", 0, kLeft}};
}

std::vector<std::string> ExtcapArgumentCells(
    const v1::ExtcapArgument& argument) {
  std::string description = OneLine(argument.display_name());
  if (argument.required()) absl::StrAppend(&description, " (required)");
  if (argument.refused()) absl::StrAppend(&description, " (not for clients)");
  if (!argument.values().empty()) {
    absl::StrAppend(
        &description, ": ",
        absl::StrJoin(argument.values(), ", ",
                      [](std::string* out, const v1::ExtcapValue& value) {
                        absl::StrAppend(out, value.value());
                      }));
  }
  return {argument.name(), argument.type(), argument.default_value(),
          description};
}

}  // namespace dissectd::cli
