// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/endpoint_report.h"

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

class EndpointReport final : public Report {
 public:
  EndpointReport(ConversationProtocol protocol,
                 std::optional<std::string> filter)
      : protocol_(std::move(protocol)), filter_(std::move(filter)) {}
  ~EndpointReport() override {
    tap_.reset();
    reset_endpoint_table_data(&seen_);
  }
  EndpointReport(const EndpointReport&) = delete;
  EndpointReport& operator=(const EndpointReport&) = delete;

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  std::string Heading() const;
  absl::Status AddRow(endpoint_item_t* item, ReportParts* parts) const;
  std::string Text(const endpoint_item_t& item, const EndpointText& text) const;

  const ConversationProtocol protocol_;
  const std::optional<std::string> filter_;
  ReportSink* sink_ = nullptr;
  conv_hash_t seen_ = {};
  std::unique_ptr<LibraryTap> tap_;
};

absl::Status EndpointReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  LibraryTap::Options options;
  options.tap = protocol_.name;
  options.filter = filter_.value_or("");
  options.on_packet = get_endpoint_packet_func(protocol_.table);
  ASSIGN_OR_RETURN(tap_, RegisterReportTap("endpoint tap", options, &seen_));
  return absl::OkStatus();
}

std::string EndpointReport::Heading() const {
  return absl::StrCat(ConversationRule(), protocol_.title, " Endpoints\n",
                      FilterLine(filter_), std::string(23, ' '),
                      protocol_.prints_ports ? "|  Port  |" : "",
                      "|  Packets  | |  Bytes  | | Tx Packets | | Tx Bytes |",
                      " | Rx Packets | | Rx Bytes |\n");
}

std::string EndpointReport::Text(const endpoint_item_t& item,
                                 const EndpointText& text) const {
  return absl::StrCat(
      absl::StrFormat("%-20s      ", text.resolved_name),
      protocol_.prints_ports ? absl::StrFormat("%5s     ", text.port_name) : "",
      absl::StrFormat("%6u     %9u     %6u       %9u      %6u       %9u   \n",
                      item.tx_frames + item.rx_frames,
                      item.tx_bytes + item.rx_bytes, item.tx_frames,
                      item.tx_bytes, item.rx_frames, item.rx_bytes));
}

absl::Status EndpointReport::Finish() {
  std::string head;
  protozero::pbf_builder<schema::EndpointTable> table(head);
  table.add_string(schema::EndpointTable::kTitle,
                   MakeValidUtf8(protocol_.title));
  table.add_string(schema::EndpointTable::kFilter,
                   MakeValidUtf8(filter_.value_or("")));
  ReportParts parts(sink_, head);
  parts.AddText(Heading());
  for (endpoint_item_t* item : ByFrames<endpoint_item_t>(seen_)) {
    RETURN_IF_ERROR(AddRow(item, &parts));
  }
  parts.AddText(ConversationRule());
  return parts.Finish();
}

absl::Status EndpointReport::AddRow(endpoint_item_t* item,
                                    ReportParts* parts) const {
  EndpointText text = AddressText(item->myaddress);
  if (protocol_.has_ports) {
    const WmemCharPtr port(get_endpoint_port(nullptr, item, TRUE));
    if (port != nullptr) text.port_name = port.get();
  }
  std::string row;
  protozero::pbf_builder<schema::EndpointTraffic> out(row);
  out.add_message(
      schema::EndpointTraffic::kEndpoint,
      EndpointMessage(protocol_, item->myaddress, item->port, text));
  out.add_message(schema::EndpointTraffic::kSent,
                  TrafficMessage(item->tx_frames, item->tx_bytes));
  out.add_message(schema::EndpointTraffic::kReceived,
                  TrafficMessage(item->rx_frames, item->rx_bytes));
  const WmemCharPtr filter(get_endpoint_filter(item));
  AddText(filter.get(), schema::EndpointTraffic::kDisplayFilter, &out);
  return parts->AddRow(schema::EndpointTable::kEndpoints, row,
                       Text(*item, text));
}

absl::StatusOr<std::unique_ptr<Report>> MakeReport(
    const ConversationProtocol& protocol, std::optional<std::string> filter) {
  // libwireshark's function for this table takes any MPTCP packet for a fatal
  // mistake of its own, and aborts the process.
  if (protocol.name == "mptcp") {
    return ReportArgumentError(
        "libwireshark can't list the endpoints of MPTCP: it aborts at the "
        "first packet. Use \"conv,mptcp\" or \"endpoints,tcp\".");
  }
  return std::make_unique<EndpointReport>(protocol, std::move(filter));
}

}  // namespace

std::vector<ReportType> EndpointReports() {
  std::vector<ReportType> types;
  for (ConversationProtocol& protocol : ConversationProtocols()) {
    const std::string name = absl::StrCat("endpoints,", protocol.name);
    types.push_back(
        {name, "[,filter]", schema::TableKind::kEndpoints,
         [name, counted = std::move(protocol)](const std::string& argument) {
           return MakeReport(counted, FilterOfReport(name, argument));
         }});
  }
  return types;
}

}  // namespace dissectd::engine
