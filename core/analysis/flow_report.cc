// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/flow_report.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/analysis/library_tap.h"
#include "core/analysis/sequence_analysis.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/epan/handles.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

using ItemBuilder = protozero::pbf_builder<schema::SequenceItem>;

constexpr size_t kItemsOfPart = 1024;
constexpr size_t kTextOfPart = size_t{256} << 10;

struct SequenceInfoDeleter {
  void operator()(seq_analysis_info_t* info) const {
    sequence_analysis_info_free(info);
  }
};
using SequenceInfoPtr =
    std::unique_ptr<seq_analysis_info_t, SequenceInfoDeleter>;

std::string ValidText(const char* text) {
  return text == nullptr ? "" : MakeValidUtf8(text);
}

class FlowReport final : public Report {
 public:
  // `any_address` is whether the nodes can have addresses of any layer.
  FlowReport(register_analysis_t* analysis, bool any_address,
             std::string filter)
      : analysis_(analysis),
        filter_(std::move(filter)),
        info_(sequence_analysis_info_new()) {
    info_->any_addr = any_address ? TRUE : FALSE;
  }

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void AddItem(const seq_analysis_item_t& item,
               protozero::pbf_builder<schema::SequenceDiagram>* table) const;
  absl::Status SendItems();
  absl::Status SendText();

  register_analysis_t* const analysis_;
  const std::string filter_;
  const SequenceInfoPtr info_;
  std::unique_ptr<LibraryTap> tap_;
  ReportSink* sink_ = nullptr;
};

absl::Status FlowReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  LibraryTap::Options options;
  options.tap = sequence_analysis_get_tap_listener_name(analysis_);
  options.filter = filter_;
  options.flags = sequence_analysis_get_tap_flags(analysis_);
  options.on_packet = sequence_analysis_get_packet_func(analysis_);
  absl::StatusOr<std::unique_ptr<LibraryTap>> tap =
      LibraryTap::Register(options, info_.get());
  if (!tap.ok()) {
    return ReportArgumentError("flow - Error registering tap listener.");
  }
  tap_ = *std::move(tap);
  return absl::OkStatus();
}

absl::Status FlowReport::Finish() {
  sequence_analysis_get_nodes(info_.get());
  RETURN_IF_ERROR(SendItems());
  return sink_->wants_text() ? SendText() : absl::OkStatus();
}

absl::Status FlowReport::SendItems() {
  const GList* next = info_->items == nullptr ? nullptr : info_->items->head;
  bool is_first = true;
  while (is_first || next != nullptr) {
    std::string part;
    protozero::pbf_builder<schema::SequenceDiagram> table(part);
    for (guint32 i = 0; is_first && i < info_->num_nodes; ++i) {
      const WmemCharPtr text(address_to_str(nullptr, &info_->nodes[i]));
      table.add_string(schema::SequenceDiagram::kNodes, ValidText(text.get()));
    }
    for (size_t i = 0; i < kItemsOfPart && next != nullptr; ++i) {
      AddItem(*static_cast<const seq_analysis_item_t*>(next->data), &table);
      next = next->next;
    }
    is_first = false;
    RETURN_IF_ERROR(sink_->Send(part, ""));
  }
  return absl::OkStatus();
}

void FlowReport::AddItem(
    const seq_analysis_item_t& item,
    protozero::pbf_builder<schema::SequenceDiagram>* table) const {
  // libwireshark doesn't draw arrows of addresses for which it has no node.
  if (item.src_node >= info_->num_nodes || item.dst_node >= info_->num_nodes) {
    return;
  }
  ItemBuilder out(*table, schema::SequenceDiagram::kItems);
  out.add_uint32(schema::SequenceItem::kFrameNumber, item.frame_number);
  out.add_uint32(schema::SequenceItem::kFromNode, item.src_node);
  out.add_uint32(schema::SequenceItem::kToNode, item.dst_node);
  out.add_uint32(schema::SequenceItem::kFromPort, item.port_src);
  out.add_uint32(schema::SequenceItem::kToPort, item.port_dst);
  out.add_string(schema::SequenceItem::kLabel, ValidText(item.frame_label));
  out.add_string(schema::SequenceItem::kComment, ValidText(item.comment));
  out.add_string(schema::SequenceItem::kTime, ValidText(item.time_str));
}

absl::Status FlowReport::SendText() {
  char* buffer = nullptr;
  size_t size = 0;
  FILE* const out = open_memstream(&buffer, &size);
  if (out == nullptr) return absl::ResourceExhaustedError("No memory is left.");
  sequence_analysis_dump_to_file(out, info_.get(), 0);
  const bool is_whole = std::fclose(out) == 0;
  const std::unique_ptr<char, decltype(&std::free)> owner(buffer, std::free);
  if (!is_whole) return absl::ResourceExhaustedError("No memory is left.");
  absl::string_view text(buffer, size);
  while (!text.empty()) {
    const size_t part = std::min(text.size(), kTextOfPart);
    RETURN_IF_ERROR(sink_->Send("", text.substr(0, part)));
    text.remove_prefix(part);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Report>> MakeFlow(register_analysis_t* analysis,
                                                 absl::string_view options) {
  bool any_address = false;
  if (absl::ConsumePrefix(&options, ",standard")) {
    any_address = true;
  } else if (!absl::ConsumePrefix(&options, ",network")) {
    return ReportArgumentError("flow - Invalid address type.");
  }
  // tshark ignores anything else than a comma after the type.
  if (!absl::ConsumePrefix(&options, ",")) options = "";
  return std::make_unique<FlowReport>(analysis, any_address,
                                      std::string(options));
}

}  // namespace

std::vector<ReportType> FlowReports() {
  std::vector<ReportType> types;
  for (const char* const kind : {"any", "icmp", "icmpv6", "lbm_uim", "tcp"}) {
    register_analysis_t* const analysis = sequence_analysis_find_by_name(kind);
    if (analysis == nullptr) continue;
    const std::string name = absl::StrCat("flow,", kind);
    types.push_back(
        {name, ",standard|network[,filter]", schema::TableKind::kSequence,
         [analysis, name](const std::string& argument) {
           return MakeFlow(analysis,
                           absl::string_view(argument).substr(name.size()));
         }});
  }
  return types;
}

}  // namespace dissectd::engine
