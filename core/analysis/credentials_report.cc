// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/credentials_report.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/table_values.h"
#include "core/analysis/value_table_parts.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "credentials";

// What the tap `credentials` passes on. No header that Debian ships declares
// it, so this repeats the layout of Wireshark 4.0. The texts belong to the
// frame.
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

std::string CredentialRow(const Credential& credential) {
  std::string message;
  protozero::pbf_builder<schema::ValueRow> row(message);
  AddCell(credential.frame, &row);
  AddCell(credential.protocol, &row);
  AddCell(credential.username, &row);
  AddCell(credential.info, &row);
  AddCell(credential.username_frame, &row);
  return message;
}

absl::Status CredentialsReport::Finish() {
  const std::string rule = std::string(67, '=') + "\n";
  constexpr char kRow[] = "%-10s %-16s %-16s %-16s\n";
  ValueTableParts parts(
      sink_, "Credentials",
      {"Packet", "Protocol", "Username", "Info", "Packet of username"});
  parts.AddText(absl::StrCat(
      rule, absl::StrFormat(kRow, "Packet", "Protocol", "Username", "Info"),
      "------     --------         --------         --------\n"));
  for (const Credential& credential : seen_) {
    RETURN_IF_ERROR(
        parts.AddRow(CredentialRow(credential),
                     absl::StrFormat(kRow, absl::StrCat(credential.frame),
                                     credential.protocol, credential.username,
                                     credential.info)));
  }
  parts.AddText(rule);
  return parts.Finish();
}

}  // namespace

std::vector<ReportType> CredentialsReports() {
  return {{kName, "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<CredentialsReport>();
           }}};
}

}  // namespace dissectd::engine
