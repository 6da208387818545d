// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_DECODING_PLAIN_FRAMES_H_
#define TESTS_DECODING_PLAIN_FRAMES_H_

#include <vector>

#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// Returns the frames of a stream of the compact form as those of the plain
// form, which refer to nothing. They are decoded as dissectctl decodes them.
std::vector<v1::PlainFrame> PlainFrames(
    const std::vector<v1::DissectResponse>& messages);

}  // namespace dissectd

#endif  // TESTS_DECODING_PLAIN_FRAMES_H_
