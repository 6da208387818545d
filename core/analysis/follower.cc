// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follower.h"

#include <arpa/inet.h>

#include <algorithm>
#include <limits>

#include "absl/strings/match.h"
#include "core/epan/handles.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

WsBool AddFollower(const void*, void* value, void* list) {
  auto* handle = static_cast<register_follow_t*>(value);
  const int protocol = get_follow_proto_id(handle);
  Follower follower;
  follower.handle = handle;
  follower.name = proto_get_protocol_short_name(find_protocol_by_id(protocol));
  follower.filter_name = proto_get_protocol_filter_name(protocol);
  // libwireshark doesn't say which followers have them.
  follower.has_sub_streams =
      follower.filter_name == "http2" || follower.filter_name == "quic";
  static_cast<std::vector<Follower>*>(list)->push_back(std::move(follower));
  return FALSE;
}

std::vector<Follower> CollectFollowers() {
  std::vector<Follower> followers;
  follow_iterate_followers(AddFollower, &followers);
  std::sort(
      followers.begin(), followers.end(),
      [](const Follower& a, const Follower& b) { return a.name < b.name; });
  return followers;
}

address AddressOf(const NumericEndpoint& endpoint) {
  address result;
  if (endpoint.is_ipv6) {
    set_address(&result, AT_IPv6, 16, endpoint.address.data());
  } else {
    set_address(&result, AT_IPv4, 4, endpoint.address.data());
  }
  return result;
}

std::optional<SelectedStream> Selected(const GCharPtr& filter) {
  if (filter == nullptr) return std::nullopt;
  SelectedStream stream;
  stream.filter = filter.get();
  return stream;
}

}  // namespace

const std::vector<Follower>& Followers() {
  static const auto& followers = *new std::vector<Follower>(CollectFollowers());
  return followers;
}

const Follower* FindFollower(absl::string_view name) {
  for (const Follower& follower : Followers()) {
    if (absl::EqualsIgnoreCase(follower.name, name)) return &follower;
  }
  return nullptr;
}

bool ParseAddress(const std::string& text, bool is_ipv6, NumericEndpoint* out) {
  out->is_ipv6 = is_ipv6;
  return inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text.c_str(),
                   out->address.data()) == 1;
}

std::optional<SelectedStream> SelectByNumber(
    const Follower& follower, uint32_t stream,
    std::optional<uint32_t> sub_stream) {
  const follow_index_filter_func filter_of =
      get_follow_index_func(follower.handle);
  if (filter_of == nullptr) return std::nullopt;
  if (sub_stream.has_value() != follower.has_sub_streams) return std::nullopt;
  std::optional<SelectedStream> selected =
      Selected(GCharPtr(filter_of(stream, sub_stream.value_or(0))));
  if (selected.has_value() && sub_stream.has_value()) {
    selected->sub_stream = *sub_stream;
  }
  return selected;
}

std::optional<SelectedStream> SelectByEndpoints(const Follower& follower,
                                                const NumericEndpoint& a,
                                                const NumericEndpoint& b) {
  const follow_address_filter_func filter_of =
      get_follow_address_func(follower.handle);
  if (filter_of == nullptr) return std::nullopt;
  address address_a = AddressOf(a);
  address address_b = AddressOf(b);
  return Selected(GCharPtr(filter_of(&address_a, &address_b, a.port, b.port)));
}

std::optional<SelectedStream> SelectByFrame(const Follower& follower,
                                            epan_dissect_t* edt) {
  guint stream = 0;
  guint sub_stream = 0;
  std::optional<SelectedStream> selected =
      Selected(GCharPtr(get_follow_conv_func(follower.handle)(
          edt, &edt->pi, &stream, &sub_stream)));
  if (!selected.has_value()) return selected;
  selected->number = stream;
  if (follower.has_sub_streams) selected->sub_stream = sub_stream;
  return selected;
}

bool HasNumberedStreams(const Follower& follower) {
  return SelectByNumber(follower, 0,
                        follower.has_sub_streams ? std::optional<uint32_t>(0)
                                                 : std::nullopt)
      .has_value();
}

std::optional<uint32_t> StreamOfFrame(const Follower& follower,
                                      epan_dissect_t* edt) {
  guint stream = 0;
  guint sub_stream = 0;
  const GCharPtr filter(get_follow_conv_func(follower.handle)(
      edt, &edt->pi, &stream, &sub_stream));
  if (filter == nullptr) return std::nullopt;
  return stream;
}

}  // namespace dissectd::engine
