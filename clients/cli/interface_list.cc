// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/interface_list.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "dissectd/v1/capture.grpc.pb.h"

namespace dissectd::cli {

grpc::Status InterfaceList::Fetch(
    const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  return v1::CaptureService::NewStub(channel)->ListInterfaces(
      &context, v1::ListInterfacesRequest(), &list_);
}

const v1::Interface* InterfaceList::Find(absl::string_view name) const {
  for (const v1::Interface& interface : list_.interfaces()) {
    if (interface.name() == name) return &interface;
  }
  return nullptr;
}

absl::StatusOr<std::string> InterfaceList::Resolve(
    const std::string& text) const {
  if (text.empty()) {
    if (list_.interfaces().empty()) {
      return absl::InvalidArgumentError(
          "There are no interfaces on which a capture can be done");
    }
    return list_.interfaces(0).name();
  }
  uint32_t number = 0;
  if (Find(text) != nullptr || !absl::SimpleAtoi(text, &number)) return text;
  for (const v1::Interface& interface : list_.interfaces()) {
    if (interface.number() == number) return interface.name();
  }
  return absl::InvalidArgumentError(
      "There is no interface with that adapter index");
}

bool InterfaceList::IsExtcap(absl::string_view name) const {
  const v1::Interface* interface = Find(name);
  return interface != nullptr && interface->type() == v1::INTERFACE_TYPE_EXTCAP;
}

std::string InterfaceList::DisplayName(absl::string_view name) const {
  const v1::Interface* interface = Find(name);
  if (interface == nullptr || DescriptionOf(*interface).empty()) {
    return std::string(name);
  }
  return absl::StrCat(DescriptionOf(*interface), ": ", name);
}

std::string InterfaceList::ShortName(absl::string_view name) const {
  const v1::Interface* interface = Find(name);
  if (interface == nullptr || DescriptionOf(*interface).empty()) {
    return std::string(name);
  }
  return DescriptionOf(*interface);
}

const std::string& DescriptionOf(const v1::Interface& interface) {
  return interface.friendly_name().empty() ? interface.vendor_name()
                                           : interface.friendly_name();
}

}  // namespace dissectd::cli
