// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/diameter_report.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "diameter,avp";

struct Avp {
  std::string name;
  std::string value;
};

std::string TextOfValue(const field_info& field) {
  const WmemCharPtr text(fvalue_to_string_repr(
      nullptr, &ValueOf(field), FTREPR_DISPLAY, field.hfinfo->display));
  if (text != nullptr) return text.get();
  return absl::StrCat("unsupported type: ", ftype_name(TypeOf(ValueOf(field))));
}

// Adds the values of a tree in its order. The tree has only items that some
// filter asks for.
void AddValues(proto_node* tree, std::vector<Avp>* avps) {
  for (proto_node* node = tree->first_child; node != nullptr;
       node = node->next) {
    field_info* const field = node->finfo;
    if (field != nullptr) {
      const ftenum_t type = TypeOf(ValueOf(*field));
      if (type != FT_NONE && type != FT_PROTOCOL) {
        avps->push_back({field->hfinfo->name, TextOfValue(*field)});
      }
    }
    AddValues(node, avps);
  }
}

// Returns the tree of a frame's message, counted from 0; null if there is none.
proto_node* TreeOfMessage(proto_node* frame, uint32_t message) {
  for (proto_node* node = frame->first_child; node != nullptr;
       node = node->next) {
    const field_info* const field = node->finfo;
    if (field == nullptr ||
        absl::string_view(field->hfinfo->abbrev) != "diameter") {
      continue;
    }
    if (message == 0) return node;
    --message;
  }
  return nullptr;
}

std::string Shown(const address& address) {
  return WmemCharPtr(address_to_str(nullptr, &address)).get();
}

class DiameterReport final : public Report {
 public:
  // `command` is 0 for all.
  DiameterReport(uint32_t command, std::string filter)
      : command_(command), filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Take(const packet_info& packet, const epan_dissect_t& edt,
            const diameter_req_ans_pair_t& message);
  void Count(const diameter_req_ans_pair_t& message);
  // Adds the rows of a message, and returns its line.
  std::string Add(const packet_info& packet,
                  const diameter_req_ans_pair_t& message,
                  const std::vector<Avp>& avps);

  const uint32_t command_;
  const std::string filter_;
  // The number of the message in its frame.
  uint32_t frame_ = 0;
  uint32_t message_ = 0;
  uint32_t requests_ = 0;
  uint32_t answers_ = 0;
  uint32_t pairs_ = 0;
  ReportTable messages_ = {
      "Messages",
      {"Frame", "Time", "Source", "Source port", "Destination",
       "Destination port", "Message", "Request", "Command", "Request frame",
       "Answer frame", "Response time"},
      {}};
  ReportTable avps_ = {"AVPs", {"Frame", "Message", "Name", "Value"}, {}};
  absl::Status sent_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status DiameterReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "diameter";
  options.filter = filter_;
  ASSIGN_OR_RETURN(
      tap_,
      RegisterReportTap(
          "diam,csv tap", options,
          [this](packet_info* packet, epan_dissect_t* edt, const void* data) {
            Take(*packet, *edt,
                 *static_cast<const diameter_req_ans_pair_t*>(data));
          }));
  return absl::OkStatus();
}

void DiameterReport::Take(const packet_info& packet, const epan_dissect_t& edt,
                          const diameter_req_ans_pair_t& message) {
  message_ = packet.num == frame_ ? message_ + 1 : 0;
  frame_ = packet.num;
  if (command_ != 0 && message.cmd_code != command_) return;
  Count(message);
  std::vector<Avp> avps;
  proto_node* const tree = TreeOfMessage(edt.tree, message_);
  if (tree != nullptr) AddValues(tree, &avps);
  const std::string line = Add(packet, message, avps);
  sent_.Update(sink_->SendWhileReading(line));
}

void DiameterReport::Count(const diameter_req_ans_pair_t& message) {
  if (message.processing_request != FALSE) {
    ++requests_;
    return;
  }
  ++answers_;
  if (message.req_frame > 0 && message.ans_frame > 0) ++pairs_;
}

std::string DiameterReport::Add(const packet_info& packet,
                                const diameter_req_ans_pair_t& message,
                                const std::vector<Avp>& avps) {
  const bool is_request = message.processing_request != FALSE;
  const double time = nstime_to_sec(&packet.abs_ts);
  const std::string source = Shown(packet.src);
  const std::string destination = Shown(packet.dst);
  // The time is not set without the other message.
  const bool has_time = !is_request && message.req_frame > 0;
  const double response_time = has_time ? nstime_to_sec(&message.srt_time) : 0;
  std::string line = absl::StrFormat(
      "frame='%u' time='%f' src='%s' srcport='%u' dst='%s' dstport='%u' "
      "proto='diameter' msgnr='%u' is_request='%d' cmd='%u' req_frame='%u' "
      "ans_frame='%u' resp_time='%f' ",
      packet.num, time, source, packet.srcport, destination, packet.destport,
      message_, is_request ? 1 : 0, message.cmd_code, message.req_frame,
      message.ans_frame, response_time);
  messages_.rows.push_back(
      {uint64_t{packet.num}, time, source, uint64_t{packet.srcport},
       destination, uint64_t{packet.destport}, uint64_t{message_},
       uint64_t{is_request ? 1U : 0U}, uint64_t{message.cmd_code},
       uint64_t{message.req_frame}, uint64_t{message.ans_frame},
       response_time});
  for (const Avp& avp : avps) {
    absl::StrAppend(&line, avp.name, "='", avp.value, "' ");
    avps_.rows.push_back(
        {uint64_t{packet.num}, uint64_t{message_}, avp.name, avp.value});
  }
  return line + "\n";
}

absl::Status DiameterReport::Finish() {
  RETURN_IF_ERROR(sent_);
  ReportTable summary{
      "Summary",
      {"Requests", "Answers", "Pairs"},
      {{uint64_t{requests_}, uint64_t{answers_}, uint64_t{pairs_}}}};
  const std::string text = absl::StrCat(
      "=== Diameter Summary ===\nrequest count:\t", requests_,
      "\nanswer count:\t", answers_, "\nreq/ans pairs:\t", pairs_, "\n");
  return SendTables(
      {"Diameter",
       filter_,
       {std::move(summary), std::move(messages_), std::move(avps_)}},
      text, sink_);
}

// Reads a number of a command as tshark does: with blanks before it, but
// without a sign.
absl::StatusOr<uint32_t> ReadCommand(absl::string_view token) {
  if (token.empty()) return 0;
  uint32_t command = 0;
  const bool is_number = absl::ascii_isdigit(token.back()) &&
                         !absl::StrContains(token, '+') &&
                         absl::SimpleAtoi(token, &command);
  if (!is_number) {
    return ReportArgumentError(absl::StrCat("Invalid integer token: ", token));
  }
  return command;
}

absl::StatusOr<std::unique_ptr<Report>> MakeDiameterReport(
    const std::string& argument) {
  // The first two parts are the name.
  constexpr size_t kCommand = 2;
  const std::vector<std::string> parts = absl::StrSplit(argument, ',');
  uint32_t command = 0;
  if (parts.size() > kCommand) {
    ASSIGN_OR_RETURN(command, ReadCommand(parts[kCommand]));
  }
  std::string filter = "diameter";
  for (size_t i = kCommand + 1; i < parts.size(); ++i) {
    absl::StrAppend(&filter, "||",
                    absl::StrContains(parts[i], '.') ? "" : "diameter.",
                    parts[i]);
  }
  return std::make_unique<DiameterReport>(command, std::move(filter));
}

}  // namespace

ReportType DiameterReportType() {
  return {kName, "[,command[,field...]]", schema::TableKind::kTables,
          MakeDiameterReport};
}

}  // namespace dissectd::engine
