// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_MICRO_TEXTS_H_
#define BENCH_MICRO_TEXTS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace dissectd {

// Returns texts like the labels of `frames` frames: some are the same in every
// frame, some aren't. Every run gets the same texts.
std::vector<std::string> LabelLikeTexts(int frames);

// Returns the total size of the texts in bytes.
size_t TotalBytes(const std::vector<std::string>& texts);

}  // namespace dissectd

#endif  // BENCH_MICRO_TEXTS_H_
