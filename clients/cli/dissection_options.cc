// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/dissection_options.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kZoneInfo = "/zoneinfo/";
constexpr char kZoneFolder[] = "/usr/share/zoneinfo";

// Rewrites a selector `FIRST:COUNT` as a range.
absl::StatusOr<std::string> NormalizeSelector(absl::string_view selector) {
  const size_t colon = selector.find(':');
  uint32_t first = 0;
  uint32_t count = 0;
  if (colon == absl::string_view::npos ||
      !absl::SimpleAtoi(selector.substr(0, colon), &first)) {
    return std::string(selector);
  }
  if (!absl::SimpleAtoi(selector.substr(colon + 1), &count) || count == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("Invalid selector numeric range \"", selector, "\""));
  }
  return absl::StrCat(first, "-", first + (count - 1));
}

// Returns the name of the zone that a file describes, by its place in a folder
// of zones, or by that of the file which it is a link to. Empty if it has none.
std::string ZoneOfFile(const std::string& path) {
  std::error_code error;
  const std::string target = std::filesystem::canonical(path, error).native();
  for (const absl::string_view file :
       {absl::string_view(target), absl::string_view(path)}) {
    const size_t place = file.rfind(kZoneInfo);
    if (place != absl::string_view::npos) {
      return std::string(file.substr(place + kZoneInfo.size()));
    }
  }
  return std::string();
}

}  // namespace

absl::StatusOr<v1::TimestampType> ParseTimestampType(absl::string_view text) {
  struct Known {
    absl::string_view name;
    v1::TimestampType type;
    absl::string_view help;
  };
  static constexpr Known kKnown[] = {
      {"a", v1::TIMESTAMP_TYPE_ABSOLUTE, "absolute"},
      {"ad", v1::TIMESTAMP_TYPE_ABSOLUTE_WITH_YMD,
       "absolute with YYYY-MM-DD date"},
      {"adoy", v1::TIMESTAMP_TYPE_ABSOLUTE_WITH_YDOY,
       "absolute with YYYY/DOY date"},
      {"d", v1::TIMESTAMP_TYPE_DELTA, "delta"},
      {"dd", v1::TIMESTAMP_TYPE_DELTA_DISPLAYED, "delta displayed"},
      {"e", v1::TIMESTAMP_TYPE_EPOCH, "epoch"},
      {"r", v1::TIMESTAMP_TYPE_RELATIVE, "relative"},
      {"u", v1::TIMESTAMP_TYPE_UTC, "absolute UTC"},
      {"ud", v1::TIMESTAMP_TYPE_UTC_WITH_YMD,
       "absolute UTC with YYYY-MM-DD date"},
      {"udoy", v1::TIMESTAMP_TYPE_UTC_WITH_YDOY,
       "absolute UTC with YYYY/DOY date"},
  };
  std::string help;
  for (const Known& known : kKnown) {
    if (known.name == text) return known.type;
    absl::StrAppend(&help, "\n\t\"", known.name, "\" for ", known.help);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "Invalid time stamp type \"", text, "\"; it must be one of:", help));
}

absl::StatusOr<v1::SecondsType> ParseSecondsType(absl::string_view text) {
  if (text == "s") return v1::SECONDS_TYPE_SECONDS;
  if (text == "hms") return v1::SECONDS_TYPE_HOUR_MIN_SEC;
  return absl::InvalidArgumentError(
      absl::StrCat("Invalid seconds type \"", text,
                   "\"; it must be one of:\n\t\"s\"   for seconds\n"
                   "\t\"hms\" for hours, minutes and seconds"));
}

absl::StatusOr<v1::NameResolution> ParseNameResolution(absl::string_view text) {
  v1::NameResolution resolution;
  for (const char letter : text) {
    switch (letter) {
      case 'm':
        resolution.set_mac(true);
        break;
      case 'n':
        resolution.set_network(true);
        break;
      case 't':
        resolution.set_transport(true);
        break;
      case 'd':
        resolution.set_captured_dns(true);
        break;
      case 'N':
        resolution.set_external_resolver(true);
        break;
      case 'v':
        resolution.set_vlan(true);
        break;
      default:
        return absl::InvalidArgumentError(absl::StrCat(
            "-N specifies unknown resolving option '",
            absl::string_view(&letter, 1),
            "'; valid options are:\n"
            "\t'd' names from DNS answers in the capture\n"
            "\t'm' names of MAC addresses\n"
            "\t'n' names of network addresses\n"
            "\t'N' names of network addresses from external resolvers\n"
            "\t't' names of transport-layer ports\n"
            "\t'v' names of VLANs"));
    }
  }
  return resolution;
}

absl::StatusOr<v1::PreferenceSetting> ParsePreference(absl::string_view text) {
  // The name of a table contains a colon itself.
  const size_t skip = absl::StartsWith(text, "uat:") ? 4 : 0;
  const size_t colon = text.find(':', skip);
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("Invalid -o flag \"", text, "\""));
  }
  v1::PreferenceSetting preference;
  preference.set_name(std::string(text.substr(0, colon)));
  RETURN_IF_ERROR(CheckServerName(preference.name()));
  AssignText(absl::StripLeadingAsciiWhitespace(text.substr(colon + 1)),
             preference.mutable_value(), preference.mutable_raw_value());
  return preference;
}

absl::StatusOr<v1::DecodeAs> ParseDecodeAs(absl::string_view text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      absl::StrCat("Parameter \"", text,
                   "\" doesn't follow the template "
                   "\"<layer_type>==<selector>,<decode_as_protocol>\""));
  const size_t comma = text.rfind(',');
  if (comma == absl::string_view::npos) return wrong;
  v1::DecodeAs decode_as;
  decode_as.set_protocol(
      std::string(absl::StripAsciiWhitespace(text.substr(comma + 1))));
  RETURN_IF_ERROR(CheckServerName(decode_as.protocol()));
  const absl::string_view rule = text.substr(0, comma);
  const size_t equals = rule.find('=');
  decode_as.set_table(
      std::string(absl::StripAsciiWhitespace(rule.substr(0, equals))));
  RETURN_IF_ERROR(CheckServerName(decode_as.table()));
  if (equals != absl::string_view::npos) {
    absl::string_view selector = rule.substr(equals + 1);
    if (!absl::ConsumePrefix(&selector, "=")) {
      // tshark accepts it, too.
      PrintError(absl::StrCat(
          "WARNING: -d requires \"==\" instead of \"=\". Option will be "
          "treated as \"",
          decode_as.table(), "==", text.substr(equals + 1), "\""));
    }
    absl::StatusOr<std::string> normalized =
        NormalizeSelector(absl::StripAsciiWhitespace(selector));
    if (!normalized.ok()) return normalized.status();
    AssignText(*normalized, decode_as.mutable_selector(),
               decode_as.mutable_raw_selector());
  }
  if (decode_as.table().empty() || decode_as.protocol().empty()) return wrong;
  return decode_as;
}

bool MayBeTimeZone(const std::string& zone) {
  // Rules in POSIX's form have digits, which few names have.
  const auto is_digit = [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  };
  if (zone.empty() || std::any_of(zone.begin(), zone.end(), is_digit)) {
    return true;
  }
  std::error_code error;
  const std::filesystem::path folder(kZoneFolder);
  return !std::filesystem::exists(folder, error) ||
         std::filesystem::exists(folder / zone, error);
}

std::string LocalTimeZone() {
  if (const char* tz = std::getenv("TZ"); tz != nullptr && *tz != '\0') {
    absl::string_view zone = tz;
    absl::ConsumePrefix(&zone, ":");
    const std::string name =
        absl::StartsWith(zone, "/") ? ZoneOfFile(std::string(zone)) : "";
    // The server refuses the path of a file that is not a zone's.
    return name.empty() ? std::string(zone) : name;
  }
  if (std::string zone = ZoneOfFile("/etc/localtime"); !zone.empty()) {
    return zone;
  }
  std::ifstream file("/etc/timezone");
  std::string zone;
  if (std::getline(file, zone)) {
    return std::string(absl::StripAsciiWhitespace(zone));
  }
  return std::string();
}

}  // namespace dissectd::cli
