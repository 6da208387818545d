// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/extcap_preferences.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kPrefix = "extcap.";

// Whether a preference belongs to an interface: `extcap.INTERFACE.ARGUMENT`.
bool IsOfInterface(absl::string_view name) {
  return absl::ConsumePrefix(&name, kPrefix) && absl::StrContains(name, '.');
}

// Returns the part of a preference's name that stands for an interface.
std::string InterfacePart(absl::string_view interface) {
  std::string part = absl::AsciiStrToLower(interface);
  for (char& c : part) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return part;
}

// An argument of an interface.
struct Target {
  std::string interface;
  std::string argument;
};

// By the names of the preferences.
using Targets = std::map<std::string, Target>;

// Adds the arguments of the interfaces that the preferences may be for.
grpc::Status FindTargets(const std::shared_ptr<grpc::Channel>& channel,
                         const InterfaceList& list,
                         const std::vector<v1::PreferenceSetting>& preferences,
                         Targets* targets) {
  const auto stub = v1::CaptureService::NewStub(channel);
  for (const v1::Interface& interface : list.interfaces().interfaces()) {
    if (interface.type() != v1::INTERFACE_TYPE_EXTCAP) continue;
    const std::string prefix = ExtcapPreferenceName(interface.name(), "");
    bool is_meant = false;
    for (const v1::PreferenceSetting& preference : preferences) {
      if (absl::StartsWith(preference.name(), prefix)) is_meant = true;
    }
    if (!is_meant) continue;
    grpc::ClientContext context;
    v1::GetInterfaceCapabilitiesRequest request;
    request.set_interface(interface.name());
    v1::GetInterfaceCapabilitiesResponse capabilities;
    const grpc::Status status =
        stub->GetInterfaceCapabilities(&context, request, &capabilities);
    if (!status.ok()) return status;
    for (const auto& argument : capabilities.extcap_arguments()) {
      targets->emplace(ExtcapPreferenceName(interface.name(), argument.name()),
                       Target{interface.name(), argument.name()});
    }
  }
  return grpc::Status::OK;
}

void Set(const Target& target, const std::string& value,
         v1::CaptureOptions* capture) {
  for (v1::InterfaceOptions& interface : *capture->mutable_interfaces()) {
    if (interface.from_client() || interface.name() != target.interface) {
      continue;
    }
    interface.mutable_extcap_arguments()->insert({target.argument, value});
  }
}

}  // namespace

std::vector<v1::PreferenceSetting> TakeExtcapPreferences(
    v1::DissectionOptions* options) {
  std::vector<v1::PreferenceSetting> taken;
  auto* all = options->mutable_preferences();
  for (int i = 0; i < all->size();) {
    if (IsOfInterface(all->at(i).name())) {
      taken.push_back(all->at(i));
      all->DeleteSubrange(i, 1);
    } else {
      ++i;
    }
  }
  return taken;
}

std::string ExtcapPreferenceName(absl::string_view interface,
                                 absl::string_view argument) {
  return absl::StrCat(
      kPrefix, InterfacePart(interface), ".",
      absl::AsciiStrToLower(absl::StrReplaceAll(argument, {{"-", ""}})));
}

grpc::Status ApplyExtcapPreferences(
    const std::shared_ptr<grpc::Channel>& channel, const InterfaceList& list,
    const std::vector<v1::PreferenceSetting>& preferences,
    v1::CaptureOptions* capture) {
  if (preferences.empty()) return grpc::Status::OK;
  Targets targets;
  const grpc::Status status = FindTargets(channel, list, preferences, &targets);
  if (!status.ok()) return status;
  // The last one of several with a name counts.
  for (auto preference = preferences.rbegin(); preference != preferences.rend();
       ++preference) {
    const auto target = targets.find(preference->name());
    if (target == targets.end()) {
      return {
          grpc::StatusCode::INVALID_ARGUMENT,
          absl::StrCat("There is no preference \"", preference->name(), "\".")};
    }
    Set(target->second, preference->value(), capture);
  }
  return grpc::Status::OK;
}

}  // namespace dissectd::cli
