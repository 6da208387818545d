// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/nearest_word.h"

#include <algorithm>

namespace dissectd::cli {
namespace {

// Longer words are no slips of the pen, and the distance takes quadratic time.
constexpr size_t kMaxLength = 64;

// Returns the optimal string alignment distance.
size_t Distance(absl::string_view a, absl::string_view b) {
  std::vector<std::vector<size_t>> rows(a.size() + 1,
                                        std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        rows[i][j] = i + j;
        continue;
      }
      const size_t replaced =
          rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.size()][b.size()];
}

}  // namespace

std::string NearestWord(absl::string_view word,
                        const std::vector<std::string>& known) {
  if (word.size() > kMaxLength) return std::string();
  std::string nearest;
  // A third of the letters, and at least one, may be wrong.
  size_t limit = std::max<size_t>(1, word.size() / 3);
  for (const std::string& candidate : known) {
    const size_t distance = Distance(word, candidate);
    if (distance > limit || distance >= candidate.size()) continue;
    if (distance == limit && !nearest.empty()) continue;
    nearest = candidate;
    limit = distance;
  }
  return nearest;
}

}  // namespace dissectd::cli
