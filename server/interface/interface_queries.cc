// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_queries.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/dumpcap/capture_errors.h"
#include "server/extcap/extcap_argument.h"
#include "server/interface/interface_list.h"
#include "server/interface/interface_name.h"

namespace dissectd::server {
namespace {

absl::Status NoMonitorMode(const std::string& interface,
                           const std::string& dumpcap) {
  return errors::DumpcapError(
      absl::StrCat("The interface \"", interface, "\" has no monitor mode."),
      "", dumpcap);
}

absl::Status ToResponse(const absl::StatusOr<std::string>& out,
                        v1::ListInterfacesResponse* response) {
  RETURN_IF_ERROR(out.status());
  ASSIGN_OR_RETURN(std::vector<v1::Interface> interfaces,
                   ParseInterfaceList(*out));
  for (v1::Interface& interface : interfaces) {
    *response->add_interfaces() = std::move(interface);
  }
  return absl::OkStatus();
}

absl::Status ToResponse(const absl::StatusOr<std::string>& out,
                        const v1::GetInterfaceCapabilitiesRequest& request,
                        const std::string& dumpcap,
                        v1::GetInterfaceCapabilitiesResponse* response) {
  RETURN_IF_ERROR(out.status());
  RETURN_IF_ERROR(
      ParseCapabilities(*out, request.monitor_mode(), dumpcap, response));
  // dumpcap has then returned the capabilities outside of monitor mode.
  if (request.monitor_mode() && !response->can_monitor()) {
    return NoMonitorMode(request.interface(), dumpcap);
  }
  return absl::OkStatus();
}

}  // namespace

void InterfaceQueries::List(const CommandRunner::Asker& asker,
                            v1::ListInterfacesResponse* response, DoneFn done) {
  thread_.AssertOnThread();
  dumpcap_->Query({"-D", "-M"}, asker,
                  [this, response, done = std::move(done)](
                      const absl::StatusOr<std::string>& out) mutable {
                    const absl::Status status = ToResponse(out, response);
                    if (!status.ok()) return done(status);
                    ListExtcap(response, std::move(done));
                  });
}

void InterfaceQueries::ListExtcap(v1::ListInterfacesResponse* response,
                                  DoneFn done) {
  extcap_->List([response, done = std::move(done)](
                    std::vector<v1::Interface> interfaces) mutable {
    uint32_t number = 0;
    for (const v1::Interface& interface : response->interfaces()) {
      number = std::max(number, interface.number());
    }
    for (v1::Interface& interface : interfaces) {
      interface.set_number(++number);
      *response->add_interfaces() = std::move(interface);
    }
    done(absl::OkStatus());
  });
}

void InterfaceQueries::DescribeExtcap(
    const CommandRunner::Asker& asker,
    const v1::GetInterfaceCapabilitiesRequest& request,
    v1::GetInterfaceCapabilitiesResponse* response, DoneFn done) {
  if (request.monitor_mode()) {
    return done(NoMonitorMode(request.interface(), dumpcap_->path()));
  }
  extcap_->Describe(request.interface(), asker,
                    [response, done = std::move(done)](
                        absl::StatusOr<ExtcapDescription> description) mutable {
                      if (!description.ok()) return done(description.status());
                      for (v1::LinkType& type : description->link_types) {
                        *response->add_link_types() = std::move(type);
                      }
                      for (ExtcapArgument& argument : description->arguments) {
                        *response->add_extcap_arguments() =
                            std::move(argument.description);
                      }
                      done(absl::OkStatus());
                    });
}

void InterfaceQueries::GetCapabilities(
    const CommandRunner::Asker& asker,
    const v1::GetInterfaceCapabilitiesRequest& request,
    v1::GetInterfaceCapabilitiesResponse* response, DoneFn done) {
  thread_.AssertOnThread();
  if (extcap_->Allows(request.interface())) {
    return DescribeExtcap(asker, request, response, std::move(done));
  }
  const absl::Status status = CheckInterfaceName(request.interface());
  if (!status.ok()) return done(status);
  std::vector<std::string> arguments = {"-i", request.interface()};
  if (request.monitor_mode()) arguments.emplace_back("-I");
  arguments.insert(arguments.end(), {"-L", "--list-time-stamp-types", "-M"});
  dumpcap_->Query(arguments, asker,
                  [this, request, response, done = std::move(done)](
                      const absl::StatusOr<std::string>& out) mutable {
                    done(ToResponse(out, request, dumpcap_->path(), response));
                  });
}

}  // namespace dissectd::server
