// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_list.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/dumpcap/capture_errors.h"
#include "server/interface/interface_json.h"
#include "server/interface/interface_type.h"

namespace dissectd::server {
namespace {

using Fields = std::vector<absl::string_view>;

// The columns of the list of interfaces.
enum Column : size_t {
  kNumberAndName,
  kVendorName,
  kFriendlyName,
  kType,
  kAddresses,
  kLoopback,
  kExtcap,
  kColumns,
};

bool IsJson(absl::string_view out) { return absl::StartsWith(out, "["); }

absl::Status MalformedLine(absl::string_view line) {
  return errors::DumpcapProtocolError(
      absl::StrCat("the line \"", MakeValidUtf8(line), "\""));
}

absl::StatusOr<std::vector<absl::string_view>> SplitLines(
    absl::string_view out) {
  std::vector<absl::string_view> lines;
  if (out.empty()) return lines;
  if (!absl::ConsumeSuffix(&out, "\n")) {
    return errors::DumpcapProtocolError("a list that ends within a line");
  }
  lines = absl::StrSplit(out, '\n');
  return lines;
}

// Parses `3. lo`.
bool ParseNumberAndName(absl::string_view text, v1::Interface* interface) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(". ", 1));
  uint32_t number = 0;
  if (!absl::SimpleAtoi(parts.first, &number) || parts.second.empty()) {
    return false;
  }
  interface->set_number(number);
  interface->set_name(MakeValidUtf8(parts.second));
  return true;
}

// Columns after the type may be missing: they were added over time.
absl::StatusOr<v1::Interface> ParseRow(absl::string_view line) {
  const Fields fields = absl::StrSplit(line, '\t');
  // dumpcap doesn't escape tabs in descriptions.
  const size_t extra = fields.size() > kColumns ? fields.size() - kColumns : 0;
  const auto field = [&](Column column) {
    const size_t place = column > kFriendlyName ? column + extra : column;
    return place < fields.size() ? fields[place] : absl::string_view();
  };
  v1::Interface interface;
  int type = 0;
  if (!ParseNumberAndName(field(kNumberAndName), &interface) ||
      !absl::SimpleAtoi(field(kType), &type)) {
    return MalformedLine(line);
  }
  interface.set_type(ToInterfaceType(type));
  interface.set_vendor_name(MakeValidUtf8(field(kVendorName)));
  interface.set_friendly_name(MakeValidUtf8(
      absl::StrJoin(fields.begin() + kFriendlyName,
                    fields.begin() + kFriendlyName + extra + 1, "\t")));
  for (const absl::string_view address :
       absl::StrSplit(field(kAddresses), ',', absl::SkipEmpty())) {
    interface.add_addresses(MakeValidUtf8(address));
  }
  interface.set_loopback(field(kLoopback) == "loopback");
  interface.set_extcap(MakeValidUtf8(field(kExtcap)));
  return interface;
}

// Parses `1 TAB EN10MB TAB Ethernet`.
absl::Status ParseLinkType(absl::string_view line, v1::LinkType* type) {
  const Fields fields = absl::StrSplit(line, absl::MaxSplits('\t', 2));
  int number = 0;
  if (fields.size() < 2 || !absl::SimpleAtoi(fields[0], &number)) {
    return MalformedLine(line);
  }
  type->set_number(number);
  type->set_name(MakeValidUtf8(fields[1]));
  if (fields.size() > 2) {
    type->set_description(MakeValidUtf8(DescriptionOf(fields[2])));
  }
  return absl::OkStatus();
}

// Parses `host TAB Host`.
absl::Status ParseTimestampType(absl::string_view line,
                                v1::InterfaceTimestampType* type) {
  const Fields fields = absl::StrSplit(line, absl::MaxSplits('\t', 1));
  if (fields[0].empty()) return MalformedLine(line);
  type->set_name(MakeValidUtf8(fields[0]));
  if (fields.size() > 1) {
    type->set_description(MakeValidUtf8(DescriptionOf(fields[1])));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Interface>> ParseInterfaceList(
    absl::string_view out) {
  if (IsJson(out)) return ParseInterfaceListJson(out);
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> lines, SplitLines(out));
  std::vector<v1::Interface> interfaces;
  for (const absl::string_view line : lines) {
    ASSIGN_OR_RETURN(v1::Interface interface, ParseRow(line));
    interfaces.push_back(std::move(interface));
  }
  return interfaces;
}

absl::Status ParseCapabilities(absl::string_view out, bool monitor_mode,
                               const std::string& dumpcap,
                               v1::GetInterfaceCapabilitiesResponse* response) {
  if (IsJson(out)) {
    return ParseCapabilitiesJson(out, monitor_mode, dumpcap, response);
  }
  ASSIGN_OR_RETURN(const std::vector<absl::string_view> lines, SplitLines(out));
  if (lines.empty()) {
    return errors::DumpcapProtocolError("no capabilities");
  }
  if (lines[0] != "0" && lines[0] != "1") return MalformedLine(lines[0]);
  response->set_can_monitor(lines[0] == "1");
  size_t i = 1;
  for (; i < lines.size() && !lines[i].empty(); ++i) {
    RETURN_IF_ERROR(ParseLinkType(lines[i], response->add_link_types()));
  }
  // An empty line separates the lists.
  for (++i; i < lines.size(); ++i) {
    RETURN_IF_ERROR(
        ParseTimestampType(lines[i], response->add_timestamp_types()));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
