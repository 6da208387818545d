// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sid_report.h"

#include <memory>
#include <string>

namespace dissectd::engine {
namespace {

// libwireshark 4.0 clears the preference that this report needs whenever a
// capture is opened, so that tshark always refuses it.
constexpr char kRefusal[] =
    "The -z smb,sids function needs SMB/SID-Snooping to be enabled.\n"
    "Either enable Edit/Preferences/Protocols/SMB/Snoop SID name mappings  in "
    "wireshark\n"
    "or override the preference file by specifying\n"
    "  -o \"smb.sid_name_snooping=TRUE\"\n"
    "on the tshark command line.";

}  // namespace

std::vector<ReportType> SidReports() {
  return {{"smb,sids", "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return ReportArgumentError(kRefusal);
           }}};
}

}  // namespace dissectd::engine
