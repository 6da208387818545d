// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sid_report.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/analysis/report_texts.h"

namespace dissectd::engine {
namespace {

// libwireshark clears the preference that this report needs whenever a capture
// is opened, so that tshark always refuses it.
std::string Refusal() {
  return absl::StrCat(
      "The -z smb,sids function needs SMB/SID-Snooping to be enabled.\n"
      "Either enable Edit/Preferences/Protocols/SMB/Snoop SID name mappings  "
      "in wireshark\n"
      "or override the preference file by specifying\n"
      "  -o \"smb.sid_name_snooping=",
      kTrueWord, "\"\non the tshark command line.");
}

}  // namespace

std::vector<ReportType> SidReports() {
  return {{"smb,sids", "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return ReportArgumentError(Refusal());
           }}};
}

}  // namespace dissectd::engine
