// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_SMALL_FONT_H_
#define CLIENTS_CLI_PLOT_SMALL_FONT_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "clients/cli/plot/raster.h"

namespace dissectd::cli {

// The height of a text of DrawSmallText in pixels.
inline constexpr int kSmallTextHeight = 14;

// Returns the width of a text in pixels.
int SmallTextWidth(absl::string_view text);

// Draws the label of a tick: digits, signs, and the letters of units. Other
// characters are blanks. `top_left` is the place of its first pixel.
void DrawSmallText(absl::string_view text, Pixel top_left, uint8_t color,
                   Raster* raster);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_SMALL_FONT_H_
