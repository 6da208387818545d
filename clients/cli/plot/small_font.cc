// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/small_font.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace dissectd::cli {
namespace {

constexpr int kGlyphWidth = 5;
constexpr int kGlyphHeight = 7;
// Each pixel of a glyph is a square of this size.
constexpr int kScale = 2;
constexpr int kAdvance = (kGlyphWidth + 1) * kScale;

// The rows of a glyph from top to bottom; the highest of five bits is left.
struct Glyph {
  char character;
  std::array<uint8_t, kGlyphHeight> rows;
};

constexpr Glyph kGlyphs[] = {
    {'0', {0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e}},
    {'1', {0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e}},
    {'2', {0x0e, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1f}},
    {'3', {0x1f, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0e}},
    {'4', {0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02}},
    {'5', {0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e}},
    {'6', {0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e}},
    {'7', {0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08}},
    {'8', {0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e}},
    {'9', {0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c}},
    {'.', {0x00, 0x00, 0x00, 0x00, 0x00, 0x0c, 0x0c}},
    {'-', {0x00, 0x00, 0x00, 0x1f, 0x00, 0x00, 0x00}},
    {'k', {0x10, 0x10, 0x12, 0x14, 0x18, 0x14, 0x12}},
    {'M', {0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11}},
    {'G', {0x0e, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0f}},
    {'T', {0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04}},
};

void DrawGlyph(const Glyph& glyph, Pixel top_left, uint8_t color,
               Raster* raster) {
  for (int y = 0; y < kGlyphHeight * kScale; ++y) {
    for (int x = 0; x < kGlyphWidth * kScale; ++x) {
      const int row = glyph.rows.at(static_cast<size_t>(y / kScale));
      if ((row >> (kGlyphWidth - 1 - x / kScale) & 1) == 0) continue;
      raster->Set(top_left.x + x, top_left.y + y, color);
    }
  }
}

}  // namespace

int SmallTextWidth(absl::string_view text) {
  return static_cast<int>(text.size()) * kAdvance;
}

void DrawSmallText(absl::string_view text, Pixel top_left, uint8_t color,
                   Raster* raster) {
  for (const char character : text) {
    const auto* const glyph =
        std::find_if(std::begin(kGlyphs), std::end(kGlyphs),
                     [character](const Glyph& known) {
                       return known.character == character;
                     });
    if (glyph != std::end(kGlyphs)) {
      DrawGlyph(*glyph, top_left, color, raster);
    }
    top_left.x += kAdvance;
  }
}

}  // namespace dissectd::cli
