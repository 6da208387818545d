// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_CATALOG_CLIENT_H_
#define BENCH_CATALOG_CLIENT_H_

#include <string>
#include <vector>

namespace dissectd {

// Measures queries about the registry and filters. Each function prints a line
// of JSON.

// Measures how long the whole registry takes to arrive.
void MeasureRegistry(const std::string& server);

// Measures completion: each text is typed letter by letter, with one request
// for each letter.
void MeasureCompletion(const std::string& server,
                       const std::vector<std::string>& texts);

}  // namespace dissectd

#endif  // BENCH_CATALOG_CLIENT_H_
