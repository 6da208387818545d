// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ANALYSIS_OPTIONS_H_
#define CLIENTS_CLI_ANALYSIS_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "clients/cli/plot_options.h"

namespace dissectd::cli {

// What is asked about a capture as a whole, besides its frames.
struct AnalysisOptions {
  std::vector<std::string> reports;         // -z
  std::vector<std::string> object_exports;  // --export-objects
  std::vector<std::string> tls_key_files;   // --export-tls-session-keys
  // How the reports are drawn.
  PlotOptions plot;

  // Whether anything is asked.
  bool any() const {
    return !reports.empty() || !object_exports.empty() ||
           !tls_key_files.empty();
  }
};

// Adds the options to a command of the program. `options` is not owned and
// outlives the command.
void AddAnalysisOptions(CLI::App* command, AnalysisOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ANALYSIS_OPTIONS_H_
