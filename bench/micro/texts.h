// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef BENCH_MICRO_TEXTS_H_
#define BENCH_MICRO_TEXTS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace dissectd {

// Texts like the labels of `frames` frames: some the same in every frame, some
// not. Equal in every run.
std::vector<std::string> LabelLikeTexts(int frames);

// The bytes of all of them.
size_t TotalBytes(const std::vector<std::string>& texts);

}  // namespace dissectd

#endif  // BENCH_MICRO_TEXTS_H_
