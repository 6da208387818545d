// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FOLLOWER_H_
#define CORE_ANALYSIS_FOLLOWER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// What libwireshark has to follow the streams of a protocol.
struct Follower {
  register_follow_t* handle;
  // The short name of the protocol, for example `TCP`.
  std::string name;
  // The name of the protocol in filters, for example `tcp`.
  std::string filter_name;
  // Whether streams consist of numbered streams.
  bool has_sub_streams;
};

// Returns all followers, sorted by name. libwireshark must be initialised.
const std::vector<Follower>& Followers();

// Returns the follower with this name, in any case; null if there is none.
const Follower* FindFollower(absl::string_view name);

// An address in digits, with a port.
struct NumericEndpoint {
  bool is_ipv6 = false;
  // In network byte order; an IPv4 address has the first four bytes.
  std::array<uint8_t, 16> address = {};
  uint16_t port = 0;
};

// Parses an IPv4 or an IPv6 address. Returns false if it isn't one.
bool ParseAddress(const std::string& text, bool is_ipv6, NumericEndpoint* out);

// A stream of a follower.
struct SelectedStream {
  // A display filter for its frames.
  std::string filter;
  // The number of the stream. Only if it was selected by a frame.
  guint number = 0;
  guint64 sub_stream = SUBSTREAM_UNUSED;
};

// Return the stream with a number, between two endpoints, or of a frame that
// `edt` has dissected with a complete tree; none if the follower can't select
// streams so, or the frame has none. The endpoints have addresses of the same
// kind.
std::optional<SelectedStream> SelectByNumber(
    const Follower& follower, uint32_t stream,
    std::optional<uint32_t> sub_stream);
std::optional<SelectedStream> SelectByEndpoints(const Follower& follower,
                                                const NumericEndpoint& a,
                                                const NumericEndpoint& b);
std::optional<SelectedStream> SelectByFrame(const Follower& follower,
                                            epan_dissect_t* edt);

// Whether the follower's streams have numbers.
bool HasNumberedStreams(const Follower& follower);

// Returns the number of the stream of such a frame, if it belongs to one.
std::optional<uint32_t> StreamOfFrame(const Follower& follower,
                                      epan_dissect_t* edt);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FOLLOWER_H_
