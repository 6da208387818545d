// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_OPTIONS_CHANGED_OPTIONS_H_
#define SERVER_OPTIONS_CHANGED_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <vector>

#include "server/config.h"

namespace dissectd::server {

// Returns the options of a parsed command line and its file whose values differ
// from those of `defaults`, sorted by name. `defaults` has the same options,
// and was not parsed.
std::vector<ChangedOption> ChangedOptions(const CLI::App& parsed,
                                          CLI::App* defaults);

}  // namespace dissectd::server

#endif  // SERVER_OPTIONS_CHANGED_OPTIONS_H_
