// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/credentials_report.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_tables.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "credentials";

// What the tap `credentials` passes on. No header that Debian ships declares
// it, so this repeats the layout of Wireshark 4.0 and 4.4. The texts belong to
// the frame.
struct CredentialOfTap {
  guint frame;
  guint username_frame;
  guint password_field;
  const char* username;
  const char* protocol;
  // May be null.
  const char* info;
};

struct Credential {
  uint32_t frame;
  uint32_t username_frame;
  std::string username;
  std::string protocol;
  std::string info;
};

std::string TextOf(const char* text) { return text == nullptr ? "" : text; }

class CredentialsReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  ReportSink* sink_ = nullptr;
  std::vector<Credential> seen_;
  std::unique_ptr<TapListener> tap_;
};

absl::Status CredentialsReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = kName;
  ASSIGN_OR_RETURN(
      tap_, TapListener::Register(options, [this](packet_info*, epan_dissect_t*,
                                                  const void* data) {
        const auto& credential = *static_cast<const CredentialOfTap*>(data);
        seen_.push_back({credential.frame, credential.username_frame,
                         TextOf(credential.username),
                         TextOf(credential.protocol), TextOf(credential.info)});
      }));
  return absl::OkStatus();
}

absl::Status CredentialsReport::Finish() {
  const std::string rule = std::string(67, '=') + "\n";
  constexpr char kRow[] = "%-10s %-16s %-16s %-16s\n";
  std::string text = absl::StrCat(
      rule, absl::StrFormat(kRow, "Packet", "Protocol", "Username", "Info"),
      "------     --------         --------         --------\n");
  ReportTable table{
      "", {"Packet", "Protocol", "Username", "Info", "Packet of username"}, {}};
  for (const Credential& seen : seen_) {
    table.rows.push_back({uint64_t{seen.frame}, seen.protocol, seen.username,
                          seen.info, uint64_t{seen.username_frame}});
    absl::StrAppendFormat(&text, kRow, absl::StrCat(seen.frame), seen.protocol,
                          seen.username, seen.info);
  }
  return SendTables({"Credentials", "", {std::move(table)}},
                    absl::StrCat(text, rule), sink_);
}

}  // namespace

std::vector<ReportType> CredentialsReports() {
  return {{kName, "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<CredentialsReport>();
           }}};
}

}  // namespace dissectd::engine
