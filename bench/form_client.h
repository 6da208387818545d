// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_FORM_CLIENT_H_
#define BENCH_FORM_CLIENT_H_

#include <string>
#include <vector>

namespace dissectd {

// Receives a dissected capture in a form ("plain", "compact" or "columnar"),
// and prints the seconds, frames, nodes of trees, and bytes. Without fields it
// requests full trees with labels.
void MeasureForm(const std::string& server, const std::string& form,
                 const std::string& file,
                 const std::vector<std::string>& fields);

}  // namespace dissectd

#endif  // BENCH_FORM_CLIENT_H_
