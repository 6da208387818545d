// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_DECODING_PLAIN_FRAMES_H_
#define TESTS_DECODING_PLAIN_FRAMES_H_

#include <vector>

#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// Converts the frames of a compact stream to the plain form, which refers to no
// tables. Uses dissectctl's decoder.
std::vector<v1::PlainFrame> PlainFrames(
    const std::vector<v1::DissectResponse>& messages);

}  // namespace dissectd

#endif  // TESTS_DECODING_PLAIN_FRAMES_H_
