// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_SVG_H_
#define CLIENTS_CLI_PLOT_SVG_H_

#include <string>

#include "clients/cli/plot/plot.h"

namespace dissectd::cli {

// Returns a plot as an image in SVG of a size in pixels.
std::string SvgImage(const Plot& plot, int width, int height);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_SVG_H_
