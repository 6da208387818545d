// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/conversation_report.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/conversation_tables.h"
#include "core/analysis/conversation_text.h"
#include "core/analysis/library_tap.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_parts.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/handles.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

class ConversationReport final : public Report {
 public:
  ConversationReport(ConversationProtocol protocol,
                     std::optional<std::string> filter)
      : protocol_(std::move(protocol)), filter_(std::move(filter)) {}
  ~ConversationReport() override {
    tap_.reset();
    reset_conversation_table_data(&seen_);
  }
  ConversationReport(const ConversationReport&) = delete;
  ConversationReport& operator=(const ConversationReport&) = delete;

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::Status AddRow(conv_item_t* item, ReportParts* parts) const;

  const ConversationProtocol protocol_;
  const std::optional<std::string> filter_;
  ReportSink* sink_ = nullptr;
  conv_hash_t seen_ = {};
  std::unique_ptr<LibraryTap> tap_;
};

std::string PortText(uint32_t port, conversation_type type) {
  const WmemCharPtr text(get_conversation_port(nullptr, port, type, TRUE));
  return text == nullptr ? "" : text.get();
}

absl::Status ConversationReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  LibraryTap::Options options;
  options.tap = protocol_.name;
  options.filter = filter_.value_or("");
  options.on_packet = get_conversation_packet_func(protocol_.table);
  ASSIGN_OR_RETURN(tap_,
                   RegisterReportTap("conversations tap", options, &seen_));
  return absl::OkStatus();
}

absl::Status ConversationReport::Finish() {
  std::string head;
  protozero::pbf_builder<schema::ConversationTable> table(head);
  table.add_string(schema::ConversationTable::kTitle,
                   MakeValidUtf8(protocol_.title));
  table.add_string(schema::ConversationTable::kFilter,
                   MakeValidUtf8(filter_.value_or("")));
  ReportParts parts(sink_, head);
  parts.AddText(
      ConversationHeading(protocol_.title, filter_, protocol_.prints_ports));
  for (conv_item_t* item : ByFrames<conv_item_t>(seen_)) {
    RETURN_IF_ERROR(AddRow(item, &parts));
  }
  parts.AddText(ConversationRule());
  return parts.Finish();
}

absl::Status ConversationReport::AddRow(conv_item_t* item,
                                        ReportParts* parts) const {
  EndpointText a = AddressText(item->src_address);
  EndpointText b = AddressText(item->dst_address);
  if (protocol_.has_ports) {
    a.port_name = PortText(item->src_port, item->ctype);
    b.port_name = PortText(item->dst_port, item->ctype);
  }
  std::string row;
  protozero::pbf_builder<schema::Conversation> out(row);
  out.add_message(
      schema::Conversation::kA,
      EndpointMessage(protocol_, item->src_address, item->src_port, a));
  out.add_message(
      schema::Conversation::kB,
      EndpointMessage(protocol_, item->dst_address, item->dst_port, b));
  out.add_message(schema::Conversation::kAToB,
                  TrafficMessage(item->tx_frames, item->tx_bytes));
  out.add_message(schema::Conversation::kBToA,
                  TrafficMessage(item->rx_frames, item->rx_bytes));
  AddTime(item->start_time, schema::Conversation::kStart, &out);
  AddTime(item->start_abs_time, schema::Conversation::kStartTime, &out);
  nstime_t duration = NSTIME_INIT_ZERO;
  nstime_delta(&duration, &item->stop_time, &item->start_time);
  AddTime(duration, schema::Conversation::kDuration, &out);
  if (item->conv_id != CONV_ID_UNSET) {
    out.add_uint32(schema::Conversation::kStream, item->conv_id);
  }
  const GCharPtr filter(get_conversation_filter(item, CONV_DIR_A_TO_FROM_B));
  AddText(filter.get(), schema::Conversation::kDisplayFilter, &out);
  return parts->AddRow(
      schema::ConversationTable::kConversations, row,
      ConversationRow(*item, PrintedEndpoint(a, protocol_.prints_ports),
                      PrintedEndpoint(b, protocol_.prints_ports),
                      protocol_.prints_ports));
}

}  // namespace

std::vector<ReportType> ConversationReports() {
  std::vector<ReportType> types;
  for (ConversationProtocol& protocol : ConversationProtocols()) {
    const std::string name = absl::StrCat("conv,", protocol.name);
    types.push_back(
        {name, "[,filter]", schema::TableKind::kConversations,
         [name, counted = std::move(protocol)](const std::string& argument)
             -> absl::StatusOr<std::unique_ptr<Report>> {
           return std::make_unique<ConversationReport>(
               counted, FilterOfReport(name, argument));
         }});
  }
  return types;
}

}  // namespace dissectd::engine
