// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/stats_tree_report.h"

#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analysis/library_tap.h"
#include "core/analysis/report_filter.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

struct StatsTreeDeleter {
  void operator()(stats_tree* tree) const { stats_tree_free(tree); }
};

using NodeBuilder = protozero::pbf_builder<schema::StatsTreeNode>;

// Adds what a node knows of its values besides their number.
void AddValues(const stat_node& node, NodeBuilder* out) {
  if ((node.st_flags & ST_FLG_AVERAGE) == 0 || node.counter == 0) return;
  const bool is_real = node.datatype == STAT_DT_FLOAT;
  const double total = is_real ? node.total.float_total
                               : static_cast<double>(node.total.int_total);
  out->add_double(schema::StatsTreeNode::kAverage, total / node.counter);
  out->add_double(schema::StatsTreeNode::kMinimum,
                  is_real ? double{node.minvalue.float_min}
                          : static_cast<double>(node.minvalue.int_min));
  out->add_double(schema::StatsTreeNode::kMaximum,
                  is_real ? double{node.maxvalue.float_max}
                          : static_cast<double>(node.maxvalue.int_max));
}

double PercentOf(const stat_node& node) {
  const stat_node* const parent = node.parent;
  if (parent == nullptr || parent == &node.st->root) return 100;
  return parent->counter == 0 ? 0 : 100.0 * node.counter / parent->counter;
}

void AddRates(const stat_node& node, NodeBuilder* out) {
  const double milliseconds = node.st->elapsed;
  if (milliseconds > 0) {
    out->add_double(schema::StatsTreeNode::kRatePerMs,
                    node.counter / milliseconds);
  }
  out->add_double(schema::StatsTreeNode::kPercent, PercentOf(node));
  if (!prefs.st_enable_burstinfo || prefs.st_burst_windowlen <= 0) return;
  out->add_double(
      schema::StatsTreeNode::kBurstRatePerMs,
      static_cast<double>(node.max_burst) / prefs.st_burst_windowlen);
  out->add_double(schema::StatsTreeNode::kBurstStartSeconds,
                  node.burst_time / 1000);
}

#if WIRESHARK_VERSION_MINOR == 0

const char* TitleOf(const stats_tree_cfg& config) { return config.name; }

const char* ColumnName(stats_tree_cfg*, int column) {
  return stats_tree_get_column_name(column);
}

#else

const char* TitleOf(const stats_tree_cfg& config) { return config.title; }

const char* ColumnName(stats_tree_cfg* config, int column) {
  return stats_tree_get_column_name(config, column);
}

#endif

class StatsTreeReport final : public Report {
 public:
  StatsTreeReport(stats_tree_cfg* config, std::string filter)
      : config_(config), filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  // Makes the nodes that the tree has from the beginning, once. Some trees
  // allocate memory for them that lasts as long as the capture is open, so it
  // must be open.
  void Init();
  static tap_packet_status OnPacket(void* data, packet_info* pinfo,
                                    epan_dissect_t* edt, const void* packet,
                                    tap_flags_t flags);
  static void OnReset(void* data);

  void AddNode(const stat_node& node, uint32_t depth,
               protozero::pbf_builder<schema::StatsTree>* out) const;
  std::string Table() const;

  stats_tree_cfg* const config_;
  const std::string filter_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<stats_tree, StatsTreeDeleter> tree_;
  std::unique_ptr<LibraryTap> tap_;
  bool has_nodes_ = false;
};

void StatsTreeReport::Init() {
  if (std::exchange(has_nodes_, true) || config_->init == nullptr) return;
  config_->init(tree_.get());
}

tap_packet_status StatsTreeReport::OnPacket(void* data, packet_info* pinfo,
                                            epan_dissect_t* edt,
                                            const void* packet,
                                            tap_flags_t flags) {
  auto* const report = static_cast<StatsTreeReport*>(data);
  report->Init();
  return stats_tree_packet(report->tree_.get(), pinfo, edt, packet, flags);
}

void StatsTreeReport::OnReset(void* data) {
  stats_tree_reset(static_cast<StatsTreeReport*>(data)->tree_.get());
}

absl::Status StatsTreeReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  tree_.reset(stats_tree_new(config_, nullptr,
                             filter_.empty() ? nullptr : filter_.c_str()));
  LibraryTap::Options options;
  options.tap = config_->tapname;
  options.filter = filter_;
  options.flags = config_->flags;
  options.on_packet = OnPacket;
  options.on_reset = OnReset;
  const absl::Status status = CompileDisplayFilter(filter_).status();
  if (absl::IsInvalidArgument(status)) {
    // tshark makes the other reports.
    sink_->AddNotice(absl::StrCat(
        "stats_tree for: ", TitleOf(*config_),
        " failed to attach to the tap: ", FilterProblem(status, filter_)));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(tap_, LibraryTap::Register(options, this));
  return absl::OkStatus();
}

absl::Status StatsTreeReport::Finish() {
  if (tap_ == nullptr) return absl::OkStatus();
  Init();
  const int sort_column = stats_tree_get_default_sort_col(tree_.get());
  const GStringPtr text(
      stats_tree_format_as_str(tree_.get(), ST_FORMAT_PLAIN, sort_column,
                               stats_tree_is_default_sort_DESC(tree_.get())));
  return sink_->Send(Table(), absl::string_view(text->str, text->len));
}

std::string StatsTreeReport::Table() const {
  std::string table;
  protozero::pbf_builder<schema::StatsTree> out(table);
  out.add_string(schema::StatsTree::kTitle, MakeValidUtf8(tree_->display_name));
  for (int i = 0; i < tree_->num_columns; ++i) {
    out.add_string(schema::StatsTree::kColumns, ColumnName(config_, i));
  }
  for (const stat_node* node = tree_->root.children; node != nullptr;
       node = node->next) {
    AddNode(*node, 0, &out);
  }
  return table;
}

void StatsTreeReport::AddNode(
    const stat_node& node, uint32_t depth,
    protozero::pbf_builder<schema::StatsTree>* out) const {
  {
    NodeBuilder entry(*out, schema::StatsTree::kNodes);
    entry.add_string(schema::StatsTreeNode::kName, MakeValidUtf8(node.name));
    entry.add_uint32(schema::StatsTreeNode::kDepth, depth);
    entry.add_int64(schema::StatsTreeNode::kCount, node.counter);
    AddValues(node, &entry);
    AddRates(node, &entry);
  }
  for (const stat_node* child = node.children; child != nullptr;
       child = child->next) {
    AddNode(*child, depth + 1, out);
  }
}

absl::StatusOr<std::unique_ptr<Report>> MakeStatsTree(
    const std::string& name, const std::string& argument) {
  const GCharPtr abbreviation(stats_tree_get_abbr(argument.c_str()));
  stats_tree_cfg* const config =
      abbreviation == nullptr ? nullptr
                              : stats_tree_get_cfg_by_abbr(abbreviation.get());
  if (config == nullptr) return ReportArgumentError("no such stats_tree");
  const std::string prefix = name + ",";
  std::string filter =
      argument.size() > prefix.size() ? argument.substr(prefix.size()) : "";
  return std::make_unique<StatsTreeReport>(config, std::move(filter));
}

void AddType(gpointer data, gpointer user_data) {
  const auto* config = static_cast<const stats_tree_cfg*>(data);
  auto* types = static_cast<std::vector<ReportType>*>(user_data);
  std::string name = absl::StrCat(config->abbr, ",tree");
  types->push_back({name, "[,filter]", schema::TableKind::kStatsTree,
                    [name](const std::string& argument) {
                      return MakeStatsTree(name, argument);
                    }});
}

}  // namespace

std::vector<ReportType> StatsTreeReports() {
  std::vector<ReportType> types;
  GList* const configs = stats_tree_get_cfg_list();
  g_list_foreach(configs, AddType, &types);
  g_list_free(configs);
  return types;
}

}  // namespace dissectd::engine
