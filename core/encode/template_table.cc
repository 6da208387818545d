// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/template_table.h"

#include "core/encode/wire.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

// A power of two; small enough that the table stays in a processor cache.
constexpr size_t kRecentPlaces = 1 << 11;

size_t PlaceOf(const NodeTemplate& node) {
  constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15u;
  const uint64_t position = uint64_t{static_cast<uint32_t>(node.start_change)}
                                << 32 |
                            static_cast<uint32_t>(node.length);
  return ((position * kMultiplier) ^ node.field_id) * kMultiplier >> 40;
}

}  // namespace

uint32_t TemplateTable::Add(const NodeTemplate& node) {
  if (recent_.empty()) recent_.resize(kRecentPlaces);
  Recent& recent = recent_[PlaceOf(node) % kRecentPlaces];
  if (recent.batch != batch_ || !(recent.node == node)) {
    recent = {node, batch_, AddSlowly(node)};
  }
  return recent.index;
}

uint32_t TemplateTable::AddSlowly(const NodeTemplate& node) {
  using Tag = schema::NodeTemplate;
  const auto [entry, is_new] =
      indexes_.try_emplace(node, static_cast<uint32_t>(indexes_.size()));
  if (!is_new) return entry->second;
  message_.clear();
  wire::AppendUint(&message_, Tag::kFieldId, node.field_id);
  wire::AppendUint(&message_, Tag::kDepth, node.depth);
  wire::AppendSint(&message_, Tag::kStartChange, node.start_change);
  wire::AppendSint(&message_, Tag::kLength, node.length);
  wire::AppendUint(&message_, Tag::kSourceNumber, node.source_number);
  wire::AppendUint(&message_, Tag::kValueKind, node.value_kind);
  wire::AppendUint(&message_, Tag::kLabelForm, node.label_form);
  wire::AppendUint(&message_, Tag::kLabelSuffixIndex, node.label_suffix_index);
  wire::AppendUint(&message_, Tag::kFlags, node.flags);
  wire::AppendUint(&message_, Tag::kSeverity, node.severity);
  wire::AppendUint(&message_, Tag::kExpertGroup, node.expert_group);
  wire::AppendBytes(&encoded_, schema::FrameBatch::kNodeTemplates, message_);
  return entry->second;
}

void TemplateTable::Clear() {
  indexes_.clear();
  encoded_.clear();
  ++batch_;
}

}  // namespace dissectd::engine
