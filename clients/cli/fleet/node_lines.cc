// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/node_lines.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
// The name of the first field.
constexpr absl::string_view kNodeField = "node";

}  // namespace

NodeLines::NodeLines(const PrintOptions& options, OutputBuffer* out)
    : type_(options.type), fields_(options.fields_style), out_(out) {}

void NodeLines::MakeRoomFor(absl::string_view node) {
  width_ = std::max(width_, node.size());
}

std::string NodeLines::PrefixOf(absl::string_view node) const {
  switch (type_) {
    case OutputType::kText:
      return absl::StrCat(
          node, std::string(width_ - std::min(width_, node.size()), ' '), "  ");
    case OutputType::kTabs:
      return absl::StrCat(node, "\t");
    case OutputType::kFields: {
      const std::string quote(fields_.quote == 0 ? 0 : 1, fields_.quote);
      return absl::StrCat(quote, node, quote,
                          absl::string_view(&fields_.separator, 1));
    }
    default:
      return "";
  }
}

void NodeLines::AppendHead(absl::string_view text) {
  if (has_head_) return;
  has_head_ = true;
  if (absl::ConsumePrefix(&text, kByteOrderMark)) out_->Append(kByteOrderMark);
  if (text.empty()) return;
  if (type_ == OutputType::kFields) {
    out_->Append(kNodeField);
    out_->Append(fields_.separator);
  }
  out_->Append(text);
}

void NodeLines::Append(absl::string_view node, absl::string_view lines) {
  if (lines.empty()) return;
  const std::string prefix = PrefixOf(node);
  absl::ConsumeSuffix(&lines, "\n");
  for (const absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (!line.empty()) out_->Append(prefix);
    out_->Append(line);
    out_->Append('\n');
  }
}

}  // namespace dissectd::cli
