// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/strict_json.h"

#include <cstddef>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dissectd::server {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

// Sees each event of the parser.
class Strictness {
 public:
  void OnEvent(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > kMaxDepth) violation_ = "it is nested too deeply";
    switch (event) {
      case json::parse_event_t::object_start:
        keys_.emplace_back();
        break;
      case json::parse_event_t::object_end:
        keys_.pop_back();
        break;
      case json::parse_event_t::key:
        OnKey(parsed.get_ref<const std::string&>());
        break;
      default:
        break;
    }
  }

  // The first one that was found; empty if there is none.
  const std::string& violation() const { return violation_; }

 private:
  void OnKey(const std::string& key) {
    if (keys_.back().insert(key).second || !violation_.empty()) return;
    violation_ = absl::StrCat("the key \"", key, "\" occurs twice");
  }

  // The keys so far of the objects around the place in the text.
  std::vector<std::set<std::string>> keys_;
  std::string violation_;
};

// Rewrites the library's message, which begins with `[json.exception.NAME.N] `
// and may end with a part of the text.
absl::Status NotJson(const json::exception& error) {
  absl::string_view why = error.what();
  const size_t end_of_name = why.find("] ");
  if (end_of_name != absl::string_view::npos) {
    why.remove_prefix(end_of_name + 2);
  }
  absl::ConsumePrefix(&why, "parse error at ");
  for (const absl::string_view quotation : {"; last read", " parsing '"}) {
    why = why.substr(0, why.find(quotation));
  }
  return Wrong(absl::StrCat("it isn't valid JSON: ", why));
}

}  // namespace

absl::StatusOr<json> ParseJsonObject(absl::string_view text) {
  Strictness strictness;
  json value;
  try {
    value = json::parse(
        text.begin(), text.end(),
        [&strictness](int depth, json::parse_event_t event, json& parsed) {
          strictness.OnEvent(depth, event, parsed);
          return true;
        });
  } catch (const json::exception& error) {
    return NotJson(error);
  }
  if (!strictness.violation().empty()) return Wrong(strictness.violation());
  if (!value.is_object()) return Wrong("it isn't a JSON object");
  return value;
}

std::optional<std::string> StringMember(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

}  // namespace dissectd::server
