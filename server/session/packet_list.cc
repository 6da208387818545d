// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/packet_list.h"

#include <zlib.h>

#include <algorithm>
#include <map>
#include <utility>

namespace dissectd::server {
namespace {

// A line can have many columns of some kilobytes.
constexpr uint32_t kMaxLineBytes = 16 << 20;

std::optional<v1::ListFramesResponse> Decompress(const PacketList::Part& part) {
  std::string lines(part.line_bytes, '\0');
  uLongf size = part.line_bytes;
  if (uncompress(reinterpret_cast<Bytef*>(lines.data()), &size,
                 reinterpret_cast<const Bytef*>(part.compressed.data()),
                 part.compressed.size()) != Z_OK ||
      size != part.line_bytes) {
    return std::nullopt;
  }
  v1::ListFramesResponse message;
  if (!message.ParseFromString(lines)) return std::nullopt;
  return message;
}

// Decompresses parts when frames of them are asked for.
class LineReader {
 public:
  // Returns the line of a frame; null if the part hasn't got it.
  const v1::FrameSummary* Find(uint32_t frame, const PacketList::Part& part) {
    auto [found, is_new] = parts_.try_emplace(&part);
    if (is_new) {
      auto lines = Decompress(part);
      if (lines.has_value()) found->second = *std::move(lines);
    }
    const auto& lines = found->second.frames();
    const auto line =
        std::lower_bound(lines.begin(), lines.end(), frame,
                         [](const v1::FrameSummary& summary, uint32_t number) {
                           return summary.number() < number;
                         });
    return line == lines.end() || line->number() != frame ? nullptr : &*line;
  }

 private:
  std::map<const PacketList::Part*, v1::ListFramesResponse> parts_;
};

// Lets lines refer to the rules of the page, as the first frame with each rule
// in the order of the capture has it.
bool NumberRules(const v1::ListFramesResponse& header,
                 v1::ListFramesResponse* page) {
  std::vector<v1::FrameSummary*> lines;
  for (v1::FrameSummary& line : *page->mutable_frames()) {
    if (line.coloring_rule() != 0) lines.push_back(&line);
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto* left, const auto* right) {
                     return left->number() < right->number();
                   });
  std::map<uint32_t, uint32_t> numbers;
  for (v1::FrameSummary* line : lines) {
    const uint32_t rule = line->coloring_rule();
    if (rule > static_cast<uint32_t>(header.coloring_rules_size())) {
      return false;
    }
    const auto [number, is_new] = numbers.try_emplace(
        rule, static_cast<uint32_t>(page->coloring_rules_size()) + 1);
    if (is_new) {
      *page->add_coloring_rules() =
          header.coloring_rules(static_cast<int>(rule) - 1);
    }
    line->set_coloring_rule(number->second);
  }
  return true;
}

}  // namespace

bool PacketList::Add(const ipc::ListPart& part, absl::string_view bytes) {
  if (part.kind == ipc::ListPart::kHeader) {
    return header_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  }
  const uint32_t next = parts_.empty() ? 1 : parts_.back().last_frame + 1;
  if (part.kind != ipc::ListPart::kLines || part.line_bytes > kMaxLineBytes ||
      part.last_frame + 1 < part.first_frame) {
    return false;
  }
  if (is_full()) return true;
  if (part.first_frame != next) return false;
  bytes_ += sizeof(Part) + bytes.size();
  parts_.push_back(
      {part.first_frame, part.last_frame, part.line_bytes, std::string(bytes)});
  return true;
}

void PacketList::Clear() {
  bytes_ = 0;
  header_.Clear();
  parts_.clear();
}

bool PacketList::Has(const std::vector<uint32_t>& frames) const {
  if (header_.columns_size() == 0) return false;
  const uint32_t end = parts_.empty() ? 0 : parts_.back().last_frame;
  return std::all_of(frames.begin(), frames.end(),
                     [end](uint32_t frame) { return frame <= end; });
}

const PacketList::Part* PacketList::PartOf(uint32_t frame) const {
  const auto part = std::lower_bound(
      parts_.begin(), parts_.end(), frame,
      [](const Part& one, uint32_t number) { return one.last_frame < number; });
  return part == parts_.end() ? nullptr : &*part;
}

std::optional<v1::ListFramesResponse> PacketList::Page(
    const std::vector<uint32_t>& frames) const {
  v1::ListFramesResponse page;
  *page.mutable_columns() = header_.columns();
  LineReader reader;
  size_t text_bytes = 0;
  for (const uint32_t frame : frames) {
    if (text_bytes > ipc::kMaxPageTextBytes) break;
    const Part* const part = PartOf(frame);
    if (part == nullptr) return std::nullopt;
    const v1::FrameSummary* const line = reader.Find(frame, *part);
    if (line == nullptr) return std::nullopt;
    for (const std::string& text : line->columns()) text_bytes += text.size();
    *page.add_frames() = *line;
  }
  if (!NumberRules(header_, &page)) return std::nullopt;
  return page;
}

}  // namespace dissectd::server
