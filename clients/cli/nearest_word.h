// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_NEAREST_WORD_H_
#define CLIENTS_CLI_NEAREST_WORD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns the known word that was most likely meant: the one with the fewest
// letters inserted, left out, replaced, or swapped with the next one. Returns
// an empty string if no known word is similar.
std::string NearestWord(absl::string_view word,
                        const std::vector<std::string>& known);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_NEAREST_WORD_H_
