// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_REQUEST_H_
#define SERVER_LIVE_LIVE_REQUEST_H_

#include <cstdint>
#include <string>

#include "dissectd/v1/dissection.pb.h"
#include "server/base/principal.h"

// What requests for live captures have in common.
namespace dissectd::server {

// Returns the display filter of a view, whichever way it is given.
const std::string& DisplayFilterOf(const v1::View& view);

// Equal for requests that one worker can serve, as they come from the same
// principal and libwireshark would do the same for each: those with the same
// capture, settings and columns, and the same need of a protocol tree, on which
// dissectors may depend.
std::string WorkerKey(const Principal& principal,
                      const v1::DissectRequest& request);

// Equal for requests that see the same from the frame after `position` on.
// Empty for one that no other is equal to.
std::string StreamKey(const v1::DissectRequest& request, uint64_t position);

// What kFollow is sent with.
std::string FollowPayload(const v1::DissectRequest& request);

// What an AddStream is followed by.
std::string StreamPayload(const v1::DissectRequest& request);

// The first frame that the client wants.
uint32_t FirstFrame(const v1::DissectRequest& request);

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_REQUEST_H_
