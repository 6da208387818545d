// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/hierarchy_report.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_parts.h"
#include "core/analysis/report_tap.h"
#include "core/analysis/report_texts.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "io,phs";

// The paths of the top-level nodes in the trees of frames. A path is also made
// of nodes that aren't protocols, such as `tcp.segments`.
class Hierarchy {
 public:
  struct Node {
    const char* name = nullptr;
    uint32_t depth = 0;
    uint64_t frames = 0;
    uint64_t bytes = 0;
    // Indexes of nodes, in the order in which they appear in the capture.
    std::vector<size_t> children;
  };

  Hierarchy() : nodes_(1) {}

  void AddFrame(const proto_tree& tree, uint32_t bytes) {
    size_t parent = kRoot;
    for (const proto_node* node = tree.first_child; node != nullptr;
         node = node->next) {
      if (IsLeftOut(*PNODE_FINFO(node)->hfinfo)) continue;
      parent = ChildOf(parent, *PNODE_FINFO(node)->hfinfo);
      ++nodes_[parent].frames;
      nodes_[parent].bytes += bytes;
    }
  }

  // Returns all nodes in pre-order.
  std::vector<const Node*> InOrder() const;

 private:
  static constexpr size_t kRoot = 0;

  static bool IsLeftOut(const header_field_info& field) {
    return !kHierarchyHasComments &&
           absl::string_view(field.abbrev) == "pkt_comment";
  }

  size_t ChildOf(size_t parent, const header_field_info& field) {
    const auto [place, is_new] =
        places_.try_emplace({parent, field.id}, nodes_.size());
    if (!is_new) return place->second;
    Node added;
    added.name = field.abbrev;
    added.depth = parent == kRoot ? 0 : nodes_[parent].depth + 1;
    nodes_.push_back(std::move(added));
    nodes_[parent].children.push_back(place->second);
    return place->second;
  }

  std::vector<Node> nodes_;
  std::map<std::pair<size_t, int>, size_t> places_;
};

std::vector<const Hierarchy::Node*> Hierarchy::InOrder() const {
  std::vector<const Node*> ordered;
  std::vector<size_t> waiting(nodes_[kRoot].children.rbegin(),
                              nodes_[kRoot].children.rend());
  while (!waiting.empty()) {
    const Node& node = nodes_[waiting.back()];
    waiting.pop_back();
    ordered.push_back(&node);
    waiting.insert(waiting.end(), node.children.rbegin(), node.children.rend());
  }
  return ordered;
}

std::string NodeText(const Hierarchy::Node& node) {
  constexpr uint32_t kIndentedLevels = 16;
  constexpr size_t kNameBytes = 79;
  const uint32_t levels = std::min(node.depth, kIndentedLevels);
  std::string name =
      absl::StrCat(std::string(size_t{2} * levels, ' '),
                   node.depth > kIndentedLevels ? "..." : "", node.name);
  name.resize(std::min(name.size(), kNameBytes));
  return absl::StrFormat("%-40s frames:%u bytes:%u\n", name, node.frames,
                         node.bytes);
}

std::string NodeRow(const Hierarchy::Node& node) {
  std::string row;
  protozero::pbf_builder<schema::ProtocolHierarchyNode> out(row);
  AddText(node.name, schema::ProtocolHierarchyNode::kProtocol, &out);
  out.add_uint32(schema::ProtocolHierarchyNode::kDepth, node.depth);
  out.add_uint64(schema::ProtocolHierarchyNode::kFrames, node.frames);
  out.add_uint64(schema::ProtocolHierarchyNode::kBytes, node.bytes);
  return row;
}

class HierarchyReport final : public Report {
 public:
  explicit HierarchyReport(std::string filter) : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  const std::string filter_;
  ReportSink* sink_ = nullptr;
  Hierarchy hierarchy_;
  std::unique_ptr<TapListener> tap_;
};

absl::Status HierarchyReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "frame";
  options.filter = filter_;
  options.flags = TL_REQUIRES_PROTO_TREE;
  ASSIGN_OR_RETURN(
      tap_, RegisterReportTap(
                "io,phs tap", options,
                [this](packet_info* packet, epan_dissect_t* edt, const void*) {
                  if (edt->tree == nullptr) return;
                  hierarchy_.AddFrame(*edt->tree, packet->fd->pkt_len);
                }));
  return absl::OkStatus();
}

absl::Status HierarchyReport::Finish() {
  const std::string rule = std::string(67, '=') + "\n";
  std::string head;
  protozero::pbf_builder<schema::ProtocolHierarchy>(head).add_string(
      schema::ProtocolHierarchy::kFilter, MakeValidUtf8(filter_));
  ReportParts parts(sink_, head);
  parts.AddText(absl::StrCat("\n", rule, "Protocol Hierarchy Statistics\n",
                             "Filter: ", filter_, "\n\n"));
  for (const Hierarchy::Node* node : hierarchy_.InOrder()) {
    RETURN_IF_ERROR(parts.AddRow(schema::ProtocolHierarchy::kNodes,
                                 NodeRow(*node), NodeText(*node)));
  }
  parts.AddText(rule);
  return parts.Finish();
}

absl::StatusOr<std::unique_ptr<Report>> MakeReport(
    const std::string& argument) {
  return std::make_unique<HierarchyReport>(
      FilterOfReport(kName, argument).value_or(""));
}

}  // namespace

std::vector<ReportType> HierarchyReports() {
  return {
      {kName, "[,filter]", schema::TableKind::kProtocolHierarchy, MakeReport}};
}

}  // namespace dissectd::engine
