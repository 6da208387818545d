// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_BRAILLE_H_
#define CLIENTS_CLI_PLOT_BRAILLE_H_

#include <string>

#include "clients/cli/plot/raster.h"

namespace dissectd::cli {

// A character of Braille shows this many pixels.
inline constexpr int kBrailleWidth = 2;
inline constexpr int kBrailleHeight = 4;

// Returns a line of characters that show the pixels of a raster from the row
// `line` * kBrailleHeight on. With `colors`, each has the colour of its pixels.
std::string BrailleLine(const Raster& raster, int line, bool colors);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_BRAILLE_H_
