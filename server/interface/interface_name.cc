// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_name.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/dumpcap/capture_errors.h"

namespace dissectd::server {
namespace {

// Longer than the name of any interface.
constexpr size_t kMaxBytes = 255;

// Uses strtol, with which dumpcap first tries every name.
bool IsNumber(absl::string_view name) {
  name = absl::StripLeadingAsciiWhitespace(name);
  if (!absl::ConsumePrefix(&name, "+")) absl::ConsumePrefix(&name, "-");
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), absl::ascii_isdigit);
}

bool HasControlCharacter(absl::string_view name) {
  return std::any_of(name.begin(), name.end(), absl::ascii_iscntrl);
}

}  // namespace

absl::Status CheckInterfaceName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxBytes || absl::StartsWith(name, "-") ||
      absl::StartsWith(name, "TCP@") || absl::StartsWith(name, "rpcap:") ||
      absl::StrContains(name, '/') || IsNumber(name) ||
      HasControlCharacter(name)) {
    return errors::InterfaceNotFound(name);
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
