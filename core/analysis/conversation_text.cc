// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/conversation_text.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

constexpr int kAddressWidth = 20;
constexpr int kAddressAndPortWidth = 26;

// How the start of a conversation is written.
struct StartColumn {
  absl::string_view heading;
  absl::string_view second_heading;
  // Tables with times of day call bytes a size.
  absl::string_view bytes_heading;
};

StartColumn StartColumnNow() {
  switch (timestamp_get_type()) {
    case TS_ABSOLUTE:
    case TS_UTC:
      return {" Absolute Time  ", "      Start     ", " Size "};
    case TS_ABSOLUTE_WITH_YMD:
    case TS_ABSOLUTE_WITH_YDOY:
    case TS_UTC_WITH_YMD:
    case TS_UTC_WITH_YDOY:
      return {" Absolute Date  ", "     Start      ", " Size "};
    case TS_EPOCH:
      return {"       Relative       ", "         Start        ", " Bytes"};
    case TS_RELATIVE:
    case TS_DELTA:
    case TS_DELTA_DIS:
    case TS_NOT_SET:
      break;
  }
  return {"    Relative    ", "      Start     ", " Bytes"};
}

std::tm Calendar(time_t seconds, bool utc) {
  std::tm calendar = {};
  if (utc) {
    gmtime_r(&seconds, &calendar);
  } else {
    localtime_r(&seconds, &calendar);
  }
  return calendar;
}

std::string Day(const std::tm& calendar) {
  return absl::StrFormat("%04d-%02d-%02d ", calendar.tm_year + 1900,
                         calendar.tm_mon + 1, calendar.tm_mday);
}

std::string DayOfYear(const std::tm& calendar) {
  return absl::StrFormat("%04d/%03d ", calendar.tm_year + 1900,
                         calendar.tm_yday + 1);
}

std::string TimeOfDay(const std::tm& calendar) {
  return absl::StrFormat("%02d:%02d:%02d", calendar.tm_hour, calendar.tm_min,
                         calendar.tm_sec);
}

std::string StartText(const conv_item_t& item) {
  const std::tm local = Calendar(item.start_abs_time.secs, /*utc=*/false);
  const std::tm utc = Calendar(item.start_abs_time.secs, /*utc=*/true);
  switch (timestamp_get_type()) {
    case TS_ABSOLUTE:
      return TimeOfDay(local);
    case TS_ABSOLUTE_WITH_YMD:
      return absl::StrCat(Day(local), TimeOfDay(local));
    case TS_ABSOLUTE_WITH_YDOY:
      return absl::StrCat(DayOfYear(local), TimeOfDay(local));
    case TS_UTC:
      return TimeOfDay(utc);
    case TS_UTC_WITH_YMD:
      return absl::StrCat(Day(utc), TimeOfDay(utc));
    case TS_UTC_WITH_YDOY:
      return absl::StrCat(DayOfYear(utc), TimeOfDay(utc));
    case TS_EPOCH:
      return absl::StrFormat("%20.9f", nstime_to_sec(&item.start_abs_time));
    case TS_RELATIVE:
    case TS_DELTA:
    case TS_DELTA_DIS:
    case TS_NOT_SET:
      break;
  }
  return absl::StrFormat("%14.9f", nstime_to_sec(&item.start_time));
}

std::string TrafficText(uint64_t frames, uint64_t bytes) {
  const WmemCharPtr size(format_size(static_cast<int64_t>(bytes),
                                     FORMAT_SIZE_UNIT_BYTES, /*flags=*/0));
  return absl::StrFormat("  %6u %-9s", frames, size.get());
}

int EndpointWidth(bool prints_ports) {
  return prints_ports ? kAddressAndPortWidth : kAddressWidth;
}

}  // namespace

std::string ConversationRule() { return std::string(80, '=') + "\n"; }

std::string FilterLine(const std::optional<std::string>& filter) {
  return absl::StrCat("Filter:", filter.value_or("<No Filter>"), "\n");
}

std::string ConversationHeading(const std::string& title,
                                const std::optional<std::string>& filter,
                                bool prints_ports) {
  const StartColumn start = StartColumnNow();
  const auto width = 2 * static_cast<size_t>(EndpointWidth(prints_ports)) + 7;
  const std::string indent(width, ' ');
  std::string text = absl::StrCat(ConversationRule(), title, " Conversations\n",
                                  FilterLine(filter));
  absl::StrAppend(&text, indent, "|       <-      | |       ->      | |",
                  "     Total     |", start.heading, "|   Duration   |\n");
  const std::string traffic =
      absl::StrCat("| Frames ", start.bytes_heading, " |");
  absl::StrAppend(&text, indent, traffic, " ", traffic, " ", traffic,
                  start.second_heading, "|              |\n");
  return text;
}

std::string PrintedEndpoint(const EndpointText& endpoint, bool prints_ports) {
  if (!prints_ports) return endpoint.resolved_name;
  return absl::StrCat(endpoint.resolved_name, ":", endpoint.port_name);
}

std::string ConversationRow(const conv_item_t& item, const std::string& a,
                            const std::string& b, bool prints_ports) {
  const int width = EndpointWidth(prints_ports);
  const double duration =
      nstime_to_sec(&item.stop_time) - nstime_to_sec(&item.start_time);
  return absl::StrCat(absl::StrFormat("%-*s <-> %-*s", width, a, width, b),
                      TrafficText(item.rx_frames, item.rx_bytes),
                      TrafficText(item.tx_frames, item.tx_bytes),
                      TrafficText(item.tx_frames + item.rx_frames,
                                  item.tx_bytes + item.rx_bytes),
                      "  ", StartText(item),
                      absl::StrFormat("   %12.4f\n", duration));
}

}  // namespace dissectd::engine
