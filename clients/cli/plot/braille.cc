// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/braille.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

// The bits of the dots of a character by row and column.
constexpr uint8_t kDots[kBrailleHeight][kBrailleWidth] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

struct Cell {
  uint8_t dots = 0;
  uint8_t color = Raster::kEmpty;
};

Cell CellOf(const Raster& raster, int left, int top) {
  Cell cell;
  for (int y = 0; y < kBrailleHeight; ++y) {
    for (int x = 0; x < kBrailleWidth; ++x) {
      const uint8_t color = raster.Get(left + x, top + y);
      if (color == Raster::kEmpty) continue;
      cell.dots = static_cast<uint8_t>(cell.dots | kDots[y][x]);
      cell.color = color;
    }
  }
  return cell;
}

// Appends the character U+2800 plus the dots in UTF-8.
void AppendBraille(uint8_t dots, std::string* text) {
  text->push_back('\xe2');
  text->push_back(static_cast<char>(0xa0 | dots >> 6));
  text->push_back(static_cast<char>(0x80 | (dots & 0x3f)));
}

}  // namespace

std::string BrailleLine(const Raster& raster, int line, bool colors) {
  std::string text;
  uint8_t shown = Raster::kEmpty;
  for (int x = 0; x < raster.width(); x += kBrailleWidth) {
    const Cell cell = CellOf(raster, x, line * kBrailleHeight);
    if (cell.dots == 0) {
      text.push_back(' ');
      continue;
    }
    if (colors && cell.color != shown) {
      absl::StrAppend(&text, "\033[",
                      ColorOfSeries(cell.color - size_t{1}).terminal, "m");
      shown = cell.color;
    }
    AppendBraille(cell.dots, &text);
  }
  if (shown != Raster::kEmpty) absl::StrAppend(&text, "\033[0m");
  return text;
}

}  // namespace dissectd::cli
