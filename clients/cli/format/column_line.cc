// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/column_line.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

constexpr size_t kNumberWidth = 5;
constexpr size_t kTimeWidth = 10;
constexpr size_t kAddressWidth = 12;

// The kind of address that a column shows, and the end of the connection that
// has it.
struct AddressColumn {
  enum class Layer { kNone, kAny, kHardware, kNetwork };
  Layer layer = Layer::kNone;
  bool source = false;
};

AddressColumn AddressColumnOf(absl::string_view format) {
  using Layer = AddressColumn::Layer;
  struct Known {
    absl::string_view format;
    AddressColumn column;
  };
  static constexpr Known kKnown[] = {
      {"%s", {Layer::kAny, true}},         {"%rs", {Layer::kAny, true}},
      {"%us", {Layer::kAny, true}},        {"%hs", {Layer::kHardware, true}},
      {"%rhs", {Layer::kHardware, true}},  {"%uhs", {Layer::kHardware, true}},
      {"%ns", {Layer::kNetwork, true}},    {"%rns", {Layer::kNetwork, true}},
      {"%uns", {Layer::kNetwork, true}},   {"%d", {Layer::kAny, false}},
      {"%rd", {Layer::kAny, false}},       {"%ud", {Layer::kAny, false}},
      {"%hd", {Layer::kHardware, false}},  {"%rhd", {Layer::kHardware, false}},
      {"%uhd", {Layer::kHardware, false}}, {"%nd", {Layer::kNetwork, false}},
      {"%rnd", {Layer::kNetwork, false}},  {"%und", {Layer::kNetwork, false}},
  };
  for (const Known& known : kKnown) {
    if (known.format == format) return known.column;
  }
  return {};
}

bool IsTimeColumn(absl::string_view format) {
  static constexpr absl::string_view kFormats[] = {
      "%t", "%Rt", "%At", "%Yt", "%YDOYt", "%Aut", "%Yut", "%YDOYut"};
  return std::find(std::begin(kFormats), std::end(kFormats), format) !=
         std::end(kFormats);
}

}  // namespace

ColumnLine::ColumnLine(const v1::StreamHeader& header, char delimiter) {
  const std::string plain(1, delimiter);
  for (int i = 0; i < header.columns_size(); ++i) {
    const std::string& format = header.columns(i).format();
    const AddressColumn address = AddressColumnOf(format);
    Layout layout;
    if (format == "%m") {
      layout.width = kNumberWidth;
      layout.align_right = true;
    } else if (IsTimeColumn(format)) {
      layout.width = kTimeWidth;
      layout.align_right = true;
    } else if (address.layer != AddressColumn::Layer::kNone) {
      layout.width = kAddressWidth;
      layout.align_right = address.source;
    }
    if (i + 1 < header.columns_size()) {
      layout.separator = plain;
      const AddressColumn next =
          AddressColumnOf(header.columns(i + 1).format());
      // An arrow joins the two ends of the same kind of address.
      if (address.layer != AddressColumn::Layer::kNone &&
          next.layer == address.layer && next.source != address.source) {
        layout.separator =
            absl::StrCat(plain, address.source ? "\u2192" : "\u2190", plain);
      }
    }
    layouts_.push_back(std::move(layout));
  }
}

void ColumnLine::Append(const FrameView& frame, OutputBuffer* out) const {
  const int count =
      std::min<int>(static_cast<int>(layouts_.size()), frame.column_count());
  for (int i = 0; i < count; ++i) {
    const Layout& layout = layouts_[i];
    const absl::string_view text = frame.column(i);
    // Width counts bytes, not characters, as in tshark.
    const size_t padding =
        text.size() < layout.width ? layout.width - text.size() : 0;
    if (layout.align_right) out->Append(padding, ' ');
    out->Append(text);
    if (!layout.align_right) out->Append(padding, ' ');
    out->Append(layout.separator);
  }
  out->Append('\n');
}

}  // namespace dissectd::cli
