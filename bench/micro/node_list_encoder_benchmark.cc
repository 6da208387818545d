// SPDX-License-Identifier: GPL-2.0-or-later

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "core/encode/data_sources.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/node_list_encoder.h"
#include "core/encode/tree_walk.h"
#include "core/epan/field_value.h"
#include "core/epan/library.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

// The number of nodes in a typical TCP frame.
constexpr int kNodesOfFrame = 100;
constexpr int kFramesOfBatch = 64;

header_field_info Field(int id, ftenum_t type, int display) {
  header_field_info field = {};
  field.name = "Name of a field";
  field.abbrev = "a.name";
  field.type = type;
  field.display = display;
  field.id = id;
  field.parent = -1;
  return field;
}

// libwireshark makes values once it is initialised.
void InitOnce() {
  static const absl::Status kStatus = InitLibrary("benchmarks");
  if (!kStatus.ok()) std::abort();
}

// Nodes of the commonest types, each with a field.
class Nodes {
 public:
  Nodes() {
    InitOnce();
    for (int i = 0; i < kNodesOfFrame; ++i) {
      const int kind = i % 4;
      fields_.push_back(Field(1000 + 7 * i,
                              kind == 0   ? FT_UINT8
                              : kind == 1 ? FT_UINT16
                              : kind == 2 ? FT_IPv4
                                          : FT_STRING,
                              kind == 0   ? BASE_DEC
                              : kind == 1 ? BASE_HEX
                                          : BASE_NONE));
    }
    for (int i = 0; i < kNodesOfFrame; ++i) {
      field_info node = {};
      node.hfinfo = &fields_[i];
      node.start = i;
      node.length = 4;
      const ftenum_t type = node.hfinfo->type;
      values_.push_back(MakeFieldValue(type));
      if (type == FT_STRING) {
        SetText(values_.back().get(), "text of a field");
      } else if (type != FT_IPv4) {
        SetUint32(values_.back().get(), static_cast<uint32_t>(i));
      }
      LendValue(values_.back().get(), &node);
      nodes_.push_back(node);
    }
  }

  std::vector<field_info>& all() { return nodes_; }

 private:
  std::vector<header_field_info> fields_;
  std::vector<FieldValuePtr> values_;
  std::vector<field_info> nodes_;
};

// Adds the nodes of a frame, with labels if the argument is 1.
void NodeAdd(benchmark::State& state) {
  Nodes nodes;
  const View view;
  const DataSources sources(view);
  NodeTables tables;
  FieldDictionary fields;
  NodeListEncoder encoder(&tables, &fields);
  const bool with_labels = state.range(0) != 0;
  std::string out;
  int frames = 0;
  for (auto _ : state) {
    for (field_info& node : nodes.all()) {
      TreeNode tree_node;
      tree_node.info = &node;
      tree_node.depth = 1;
      encoder.AddTreeNode(tree_node, sources, with_labels);
    }
    encoder.MoveTo(schema::Frame::kTree, &out);
    if (++frames % kFramesOfBatch == 0) {
      benchmark::DoNotOptimize(out.data());
      out.clear();
      tables.Clear();
      fields.TakeUsed();
    }
  }
  state.SetItemsProcessed(state.iterations() * kNodesOfFrame);
}
BENCHMARK(NodeAdd)->Arg(0)->Arg(1);

}  // namespace
}  // namespace dissectd::engine
