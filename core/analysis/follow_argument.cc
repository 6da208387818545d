// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follow_argument.h"

#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report.h"
#include "core/base/status_macros.h"

namespace dissectd::engine {
namespace {

constexpr FollowMode kModes[] = {FollowMode::kHex, FollowMode::kAscii,
                                 FollowMode::kEbcdic, FollowMode::kRaw,
                                 FollowMode::kYaml};
constexpr int kDecimal = 10;
constexpr int kMaxPort = 65535;

absl::Status Invalid(absl::string_view what) {
  return ReportArgumentError(absl::StrCat("follow - ", what));
}

// Takes the parts of an argument from its front. A method that returns false
// has taken nothing.
class ArgumentReader {
 public:
  explicit ArgumentReader(const std::string& text) : rest_(text.c_str()) {}

  bool AtEnd() const { return *rest_ == '\0'; }

  bool Take(absl::string_view text) {
    if (!absl::StartsWith(rest_, text)) return false;
    rest_ += text.size();
    return true;
  }

  // Takes a comma and a number, whose upper bits are ignored.
  bool TakeNumber(uint32_t* number) { return TakeNumberAfter(',', number); }

  // Takes a comma and a number that the end or another comma follows.
  bool TakeWholeNumber(uint32_t* number) {
    ArgumentReader ahead = *this;
    if (!ahead.TakeNumber(number)) return false;
    if (!ahead.AtEnd() && *ahead.rest_ != ',') return false;
    *this = ahead;
    return true;
  }

  bool TakeRange(uint32_t* first, uint32_t* last) {
    ArgumentReader ahead = *this;
    if (!ahead.TakeNumber(first)) return false;
    *last = *first;
    *this = ahead;
    TakeNumberAfter('-', last);
    return true;
  }

  // Takes a comma, a host that ends before the first of `end`, the rest of
  // `end`, and a port.
  bool TakeHost(absl::string_view begin, absl::string_view end,
                std::string* host, int32_t* port) {
    ArgumentReader ahead = *this;
    if (!ahead.Take(begin)) return false;
    const absl::string_view rest = ahead.rest_;
    const size_t length = rest.find(end.front());
    if (length == 0 || length == absl::string_view::npos) return false;
    *host = std::string(rest.substr(0, length));
    ahead.rest_ += length;
    if (!ahead.Take(end)) return false;
    char* after = nullptr;
    const int64_t number = std::strtol(ahead.rest_, &after, kDecimal);
    if (after == ahead.rest_) return false;
    *port = static_cast<int32_t>(number);
    ahead.rest_ = after;
    *this = ahead;
    return true;
  }

 private:
  bool TakeNumberAfter(char separator, uint32_t* number) {
    if (*rest_ != separator) return false;
    const char* const digits = rest_ + 1;
    char* after = nullptr;
    const uint64_t value = std::strtoul(digits, &after, kDecimal);
    if (after == digits) return false;
    *number = static_cast<uint32_t>(value);
    rest_ = after;
    return true;
  }

  const char* rest_;
};

absl::Status ReadMode(ArgumentReader* reader, FollowMode* mode) {
  for (const FollowMode candidate : kModes) {
    if (reader->Take(absl::StrCat(",", FollowModeName(candidate)))) {
      *mode = candidate;
      return absl::OkStatus();
    }
  }
  return Invalid("Invalid display mode.");
}

absl::Status ReadEndpoint(ArgumentReader* reader, NumericEndpoint* endpoint) {
  std::string host;
  int32_t port = 0;
  const bool is_ipv6 = reader->TakeHost(",[", "]:", &host, &port);
  if (!is_ipv6 && !reader->TakeHost(",", ":", &host, &port)) {
    return Invalid("Invalid address.");
  }
  if (port <= 0 || port > kMaxPort) return Invalid("Invalid port.");
  if (!ParseAddress(host, is_ipv6, endpoint)) {
    return Invalid(is_ipv6 ? "Can't get IPv6 address"
                           : "Can't get IPv4 address");
  }
  endpoint->port = static_cast<uint16_t>(port);
  return absl::OkStatus();
}

absl::Status ReadSelection(ArgumentReader* reader, bool has_sub_streams,
                           FollowArgument* argument) {
  uint32_t number = 0;
  if (reader->TakeWholeNumber(&number)) {
    argument->stream = number;
    if (has_sub_streams && reader->TakeWholeNumber(&number)) {
      argument->sub_stream = number;
    }
    return absl::OkStatus();
  }
  for (NumericEndpoint& endpoint : argument->endpoints) {
    RETURN_IF_ERROR(ReadEndpoint(reader, &endpoint));
  }
  if (argument->endpoints[0].is_ipv6 == argument->endpoints[1].is_ipv6) {
    return absl::OkStatus();
  }
  return Invalid("Mismatched IP address types.");
}

absl::Status ReadRange(ArgumentReader* reader, FollowArgument* argument) {
  if (reader->AtEnd()) return absl::OkStatus();
  if (!reader->TakeRange(&argument->first, &argument->last)) {
    return Invalid("Invalid range.");
  }
  if (argument->first == 0 || argument->first > argument->last) {
    return Invalid("Invalid range value.");
  }
  return absl::OkStatus();
}

}  // namespace

const char* FollowModeName(FollowMode mode) {
  switch (mode) {
    case FollowMode::kAscii:
      return "ascii";
    case FollowMode::kEbcdic:
      return "ebcdic";
    case FollowMode::kHex:
      return "hex";
    case FollowMode::kRaw:
      return "raw";
    case FollowMode::kYaml:
      return "yaml";
  }
  return "";
}

absl::StatusOr<FollowArgument> ParseFollowArgument(const std::string& text,
                                                   bool has_sub_streams) {
  FollowArgument argument;
  ArgumentReader reader(text);
  RETURN_IF_ERROR(ReadMode(&reader, &argument.mode));
  RETURN_IF_ERROR(ReadSelection(&reader, has_sub_streams, &argument));
  RETURN_IF_ERROR(ReadRange(&reader, &argument));
  if (!reader.AtEnd()) return Invalid("Invalid parameter.");
  return argument;
}

}  // namespace dissectd::engine
