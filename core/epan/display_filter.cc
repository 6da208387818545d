// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/display_filter.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "core/base/processor_time.h"
#include "core/base/request_limits.h"
#include "core/base/utf8.h"
#include "core/epan/no_name_servers.h"

namespace dissectd::engine {
namespace {

std::string MessageOf(const GCharPtr& message) {
  return message == nullptr ? "The display filter isn't valid." : message.get();
}

// Returns where a part of `text` is once MakeValidUtf8 has replaced bytes, as
// clients get the text.
TextSpan SpanInValidUtf8(absl::string_view text, size_t start, size_t length) {
  // libwireshark may report a part of a character, which isn't valid by itself.
  if (IsValidUtf8(text)) {
    return {static_cast<uint32_t>(start), static_cast<uint32_t>(length)};
  }
  start = std::min(start, text.size());
  const auto valid_size = [](absl::string_view part) {
    return static_cast<uint32_t>(MakeValidUtf8(part).size());
  };
  return {valid_size(text.substr(0, start)),
          valid_size(text.substr(start, length))};
}

// Macros make filters longer than requests can.
constexpr char kExpandsTooFar[] = "The macros of the filter make it too long.";

}  // namespace

DisplayFilterResult TryDisplayFilter(const std::string& text) {
  const NoNameServers no_name_servers;
  char* message = nullptr;
  const GCharPtr expanded(dfilter_expand(text.c_str(), &message));
  if (expanded == nullptr) {
    return {text, nullptr, {{MessageOf(GCharPtr(message)), {}}}};
  }
  if (std::strlen(expanded.get()) > kMaxExpandedFilterBytes) {
    return {text, nullptr, {{kExpandsTooFar, {}}}};
  }
  const ProcessorTimeBound time(kMaxPreparationTime);
  dfilter_t* filter = nullptr;
  dfilter_loc_t location;
  location.col_start = -1;
  if (dfilter_compile_real(expanded.get(), &filter, &message, &location,
                           __func__, FALSE, FALSE)) {
    return {expanded.get(), DisplayFilterPtr(filter), {}};
  }
  DisplayFilterProblem problem = {MessageOf(GCharPtr(message)), {}};
  if (location.col_start >= 0) {
    problem.span =
        SpanInValidUtf8(expanded.get(), static_cast<size_t>(location.col_start),
                        static_cast<size_t>(location.col_len));
  }
  return {expanded.get(), nullptr, std::move(problem)};
}

absl::StatusOr<DisplayFilterPtr> CompileDisplayFilter(const std::string& text) {
  DisplayFilterResult result = TryDisplayFilter(text);
  if (!result.problem.has_value()) return std::move(result.filter);
  return MakeError(absl::StatusCode::kInvalidArgument, result.problem->message,
                   {"DISPLAY_FILTER_INVALID",
                    {{"filter", result.expanded}},
                    result.problem->span});
}

bool LooksAtColors(const std::string& text) {
  char* message = nullptr;
  const GCharPtr expanded(dfilter_expand(text.c_str(), &message));
  const GCharPtr problem(message);
  return expanded != nullptr &&
         absl::StrContains(expanded.get(), "frame.coloring_rule");
}

}  // namespace dissectd::engine
