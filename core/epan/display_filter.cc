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
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

std::string MessageOf(const FilterFault& fault) {
  return fault.message.empty() ? "The display filter isn't valid."
                               : fault.message;
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
  FilterFault fault;
  const GCharPtr expanded(ExpandFilter(text.c_str(), &fault));
  if (expanded == nullptr) return {text, nullptr, {{MessageOf(fault), {}}}};
  if (std::strlen(expanded.get()) > kMaxExpandedFilterBytes) {
    return {text, nullptr, {{kExpandsTooFar, {}}}};
  }
  const ProcessorTimeBound time(kMaxPreparationTime);
  dfilter_t* filter = nullptr;
  if (CompileFilter(expanded.get(), &filter, &fault)) {
    return {expanded.get(), DisplayFilterPtr(filter), {}};
  }
  DisplayFilterProblem problem = {MessageOf(fault), {}};
  if (fault.start >= 0) {
    problem.span = SpanInValidUtf8(
        expanded.get(), static_cast<size_t>(fault.start), fault.length);
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
  FilterFault fault;
  const GCharPtr expanded(ExpandFilter(text.c_str(), &fault));
  return expanded != nullptr &&
         absl::StrContains(expanded.get(), "frame.coloring_rule");
}

}  // namespace dissectd::engine
