// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_DECODING_PLAIN_FRAMES_H_
#define TESTS_DECODING_PLAIN_FRAMES_H_

#include <vector>

#include "clients/cpp/node.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// Converts a node to the plain form, without its depth and layer.
v1::PlainNode PlainNodeOf(const Node& node);

// Converts the frames of a compact stream to the plain form, which refers to no
// tables. Uses the decoder of clients/cpp.
std::vector<v1::PlainFrame> PlainFrames(
    const std::vector<v1::DissectResponse>& messages);

}  // namespace dissectd

#endif  // TESTS_DECODING_PLAIN_FRAMES_H_
