// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_SIXEL_H_
#define CLIENTS_CLI_PLOT_SIXEL_H_

#include <string>
#include <vector>

#include "clients/cli/plot/plot.h"
#include "clients/cli/plot/raster.h"

namespace dissectd::cli {

// Returns an escape sequence that draws a raster in terminals with graphics of
// the VT340. `palette` has the colours 1, 2 and so on of the raster. Empty
// pixels are transparent.
std::string SixelImage(const Raster& raster,
                       const std::vector<PlotColor>& palette);

// Draws a plot with its axes, whose ticks have labels, as such an image.
std::string SixelPlot(const Plot& plot, int width, int height);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_SIXEL_H_
