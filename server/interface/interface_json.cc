// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_json.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/dumpcap/capture_errors.h"
#include "server/interface/interface_type.h"

namespace dissectd::server {
namespace {

// An object whose members keep their order.
using Json = nlohmann::ordered_json;

// From this value of dumpcap's `cap_device_open_status` on, the interface could
// be opened.
constexpr int kFirstWarning = 8;

// A member that is missing, null or of another type counts as empty or 0. Only
// members without which the answer is useless are required.
std::string TextIn(const Json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_string()) return std::string();
  return MakeValidUtf8(member->get_ref<const std::string&>());
}

int NumberIn(const Json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_number_integer()) return 0;
  return member->get<int>();
}

bool FlagIn(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_boolean() && member->get<bool>();
}

std::vector<Json> ListIn(const Json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_array()) return {};
  return std::vector<Json>(member->begin(), member->end());
}

absl::Status Malformed() {
  return errors::DumpcapProtocolError("JSON that isn't a list of interfaces");
}

// Each item of dumpcap's lists is an object with one key: the interface's name.
absl::StatusOr<std::vector<std::pair<std::string, Json>>> ParseNamedObjects(
    absl::string_view out) {
  const Json list = Json::parse(out.begin(), out.end(), nullptr,
                                /*allow_exceptions=*/false);
  if (!list.is_array()) return Malformed();
  std::vector<std::pair<std::string, Json>> objects;
  for (const Json& entry : list) {
    if (!entry.is_object() || entry.size() != 1) return Malformed();
    const auto member = entry.begin();
    if (member.key().empty() || !member->is_object()) return Malformed();
    objects.emplace_back(MakeValidUtf8(member.key()), *member);
  }
  return objects;
}

v1::Interface ToInterface(const std::string& name, const Json& object) {
  v1::Interface interface;
  interface.set_name(name);
  interface.set_vendor_name(TextIn(object, "vendor_description"));
  interface.set_friendly_name(TextIn(object, "friendly_name"));
  interface.set_type(object.contains("type")
                         ? ToInterfaceType(NumberIn(object, "type"))
                         : v1::INTERFACE_TYPE_UNSPECIFIED);
  for (const Json& address : ListIn(object, "addrs")) {
    if (!address.is_string()) continue;
    interface.add_addresses(
        MakeValidUtf8(address.get_ref<const std::string&>()));
  }
  interface.set_loopback(FlagIn(object, "loopback"));
  interface.set_extcap(TextIn(object, "extcap"));
  return interface;
}

absl::Status ParseTypes(const Json& capabilities, const char* link_types,
                        v1::GetInterfaceCapabilitiesResponse* response) {
  for (const Json& entry : ListIn(capabilities, link_types)) {
    v1::LinkType* type = response->add_link_types();
    type->set_number(NumberIn(entry, "dlt"));
    type->set_name(TextIn(entry, "name"));
    type->set_description(
        std::string(DescriptionOf(TextIn(entry, "description"))));
    if (type->name().empty()) return Malformed();
  }
  for (const Json& entry : ListIn(capabilities, "timestamp_types")) {
    v1::InterfaceTimestampType* type = response->add_timestamp_types();
    type->set_name(TextIn(entry, "name"));
    type->set_description(
        std::string(DescriptionOf(TextIn(entry, "description"))));
    if (type->name().empty()) return Malformed();
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view DescriptionOf(absl::string_view printed) {
  return printed == "(not supported)" || printed == "(none)"
             ? absl::string_view()
             : printed;
}

absl::StatusOr<std::vector<v1::Interface>> ParseInterfaceListJson(
    absl::string_view out) {
  ASSIGN_OR_RETURN(const auto objects, ParseNamedObjects(out));
  std::vector<v1::Interface> interfaces;
  for (const auto& [name, object] : objects) {
    interfaces.push_back(ToInterface(name, object));
    interfaces.back().set_number(interfaces.size());
  }
  return interfaces;
}

absl::Status ParseCapabilitiesJson(
    absl::string_view out, bool monitor_mode, const std::string& dumpcap,
    v1::GetInterfaceCapabilitiesResponse* response) {
  ASSIGN_OR_RETURN(const auto objects, ParseNamedObjects(out));
  if (objects.size() != 1) return Malformed();
  const Json& capabilities = objects[0].second;
  const int status = NumberIn(capabilities, "status");
  if (status != 0 && status < kFirstWarning) {
    return errors::DumpcapError(TextIn(capabilities, "primary_msg"), "",
                                dumpcap);
  }
  response->set_can_monitor(FlagIn(capabilities, "rfmon"));
  return ParseTypes(capabilities,
                    monitor_mode && response->can_monitor()
                        ? "data_link_types_rfmon"
                        : "data_link_types",
                    response);
}

}  // namespace dissectd::server
