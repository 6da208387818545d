// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/gsm_a_report.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_tables.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

// Messages that are counted together.
struct Category {
  const char* title;
  const value_string* messages;
  guint8 pdu_type;
  // Only for DTAP.
  std::optional<gsm_a_pd_str_e> discriminator;
};

// Returns the categories in the order in which tshark prints them.
const std::array<Category, 10>& Categories() {
  static const std::array<Category, 10> kCategories = {{
      {"BSSMAP", gsm_a_bssmap_msg_strings, GSM_A_PDU_TYPE_BSSMAP, {}},
      {"DTAP Mobility Management messages", gsm_a_dtap_msg_mm_strings,
       GSM_A_PDU_TYPE_DTAP, PD_MM},
      {"DTAP Radio Resources Management messages", gsm_a_dtap_msg_rr_strings,
       GSM_A_PDU_TYPE_DTAP, PD_RR},
      {"DTAP Call Control; call related SS messages", gsm_a_dtap_msg_cc_strings,
       GSM_A_PDU_TYPE_DTAP, PD_CC},
      {"DTAP GPRS Mobility Management messages", gsm_a_dtap_msg_gmm_strings,
       GSM_A_PDU_TYPE_DTAP, PD_GMM},
      {"DTAP SMS messages", gsm_a_dtap_msg_sms_strings, GSM_A_PDU_TYPE_DTAP,
       PD_SMS},
      {"DTAP GPRS Session Management messages", gsm_a_dtap_msg_sm_strings,
       GSM_A_PDU_TYPE_DTAP, PD_SM},
      {"DTAP Non call related SS messages", gsm_a_dtap_msg_ss_strings,
       GSM_A_PDU_TYPE_DTAP, PD_SS},
      {"DTAP Special conformance testing functions", gsm_a_dtap_msg_tp_strings,
       GSM_A_PDU_TYPE_DTAP, PD_TP},
      {"SACCH Radio Resources Management messages",
       gsm_a_rr_short_pd_msg_strings,
       GSM_A_PDU_TYPE_SACCH,
       {}},
  }};
  return kCategories;
}

class GsmAReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  using Counts = std::array<uint32_t, 256>;

  void Add(const gsm_a_tap_rec_t& message);
  std::string Text() const;
  ReportTables Tables() const;

  ReportSink* sink_ = nullptr;
  // The counts, by category and type of message.
  std::array<Counts, 10> counts_ = {};
  std::unique_ptr<TapListener> tap_;
};

absl::Status GsmAReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "gsm_a";
  ASSIGN_OR_RETURN(
      tap_, TapListener::Register(options, [this](packet_info*, epan_dissect_t*,
                                                  const void* data) {
        Add(*static_cast<const gsm_a_tap_rec_t*>(data));
      }));
  return absl::OkStatus();
}

void GsmAReport::Add(const gsm_a_tap_rec_t& message) {
  for (size_t i = 0; i < counts_.size(); ++i) {
    const Category& category = Categories()[i];
    if (category.pdu_type != message.pdu_type) continue;
    if (category.discriminator.has_value() &&
        *category.discriminator != message.protocol_disc) {
      continue;
    }
    ++counts_[i][message.message_type];
  }
}

absl::Status GsmAReport::Finish() {
  return SendTables(Tables(), Text(), sink_);
}

// Returns the count of a type of message: 0 for one that has more than a byte.
uint32_t CountOf(const std::array<uint32_t, 256>& counts, guint32 type) {
  return type < counts.size() ? counts[type] : 0;
}

std::string GsmAReport::Text() const {
  std::string text =
      "\n=========== GS=M A-i/f Statistics ============================\n";
  absl::string_view separator;
  for (size_t i = 0; i < counts_.size(); ++i) {
    const Category& category = Categories()[i];
    absl::StrAppend(
        &text, separator, category.title,
        "\nMessage (ID)Type                                        Number\n");
    for (const value_string* type = category.messages; type->strptr != nullptr;
         ++type) {
      const uint32_t count = CountOf(counts_[i], type->value);
      if (count == 0) continue;
      absl::StrAppendFormat(&text, "0x%02x  %-50s%d\n", type->value,
                            type->strptr, count);
    }
    separator = "\n";
  }
  return absl::StrCat(text, std::string(62, '='), "\n");
}

ReportTables GsmAReport::Tables() const {
  ReportTables tables{"GSM A-I/F", "", {}};
  for (size_t i = 0; i < counts_.size(); ++i) {
    const Category& category = Categories()[i];
    ReportTable table{category.title, {"ID", "Type", "Number"}, {}};
    for (const value_string* type = category.messages; type->strptr != nullptr;
         ++type) {
      const uint32_t count = CountOf(counts_[i], type->value);
      if (count == 0) continue;
      table.rows.push_back(
          {uint64_t{type->value}, type->strptr, uint64_t{count}});
    }
    tables.tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace

std::vector<ReportType> GsmAReports() {
  return {{"gsm_a", "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<GsmAReport>();
           }}};
}

}  // namespace dissectd::engine
