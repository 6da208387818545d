// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_CATALOG_CLIENT_H_
#define BENCH_CATALOG_CLIENT_H_

#include <string>
#include <vector>

namespace dissectd {

// Clients of what libwireshark knows. Each prints a line of JSON.

// How long the whole registry takes to arrive.
void MeasureRegistry(const std::string& server);

// How long completions take: each text is typed letter by letter, and each
// letter asks for them.
void MeasureCompletion(const std::string& server,
                       const std::vector<std::string>& texts);

}  // namespace dissectd

#endif  // BENCH_CATALOG_CLIENT_H_
