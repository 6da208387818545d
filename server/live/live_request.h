// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_REQUEST_H_
#define SERVER_LIVE_LIVE_REQUEST_H_

#include <cstdint>
#include <string>

#include "dissectd/v1/dissection.pb.h"
#include "server/base/principal.h"

// Compares requests for live captures, and splits them into parts for workers.
namespace dissectd::server {

// Returns the display filter of a view, from either field.
const std::string& DisplayFilterOf(const v1::View& view);

// Returns a key that is equal for requests that one worker can serve: they come
// from the same principal, and libwireshark does the same for each, as they
// have the same capture, settings and columns, and the same need for a protocol
// tree, on which dissectors may depend.
std::string WorkerKey(const Principal& principal,
                      const v1::DissectRequest& request);

// Returns a key that is equal for requests that get the same messages after
// frame `position`. Empty if no other request can.
std::string StreamKey(const v1::DissectRequest& request, uint64_t position);

// Returns the payload of kFollow.
std::string FollowPayload(const v1::DissectRequest& request);

// Returns the payload that follows an AddStream.
std::string StreamPayload(const v1::DissectRequest& request);

// Returns the first frame that the client requests.
uint32_t FirstFrame(const v1::DissectRequest& request);

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_REQUEST_H_
