// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/strict_json.h"

#include <set>
#include <vector>

namespace dissectd::server {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 16;

// Sees each event of the parser.
class Strictness {
 public:
  bool violated() const { return violated_; }

  void OnEvent(int depth, json::parse_event_t event, const json& parsed) {
    if (depth > kMaxDepth) violated_ = true;
    switch (event) {
      case json::parse_event_t::object_start:
        keys_.emplace_back();
        break;
      case json::parse_event_t::object_end:
        keys_.pop_back();
        break;
      case json::parse_event_t::key:
        if (!keys_.back().insert(parsed.get<std::string>()).second) {
          violated_ = true;
        }
        break;
      default:
        break;
    }
  }

 private:
  // The keys of each object that has begun.
  std::vector<std::set<std::string>> keys_;
  bool violated_ = false;
};

}  // namespace

std::optional<json> ParseJsonObject(absl::string_view text) {
  Strictness strictness;
  json value = json::parse(
      text.begin(), text.end(),
      [&strictness](int depth, json::parse_event_t event, json& parsed) {
        strictness.OnEvent(depth, event, parsed);
        return true;
      },
      /*allow_exceptions=*/false);
  if (strictness.violated() || !value.is_object()) return std::nullopt;
  return value;
}

std::optional<std::string> StringMember(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

}  // namespace dissectd::server
