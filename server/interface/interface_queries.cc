// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_queries.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/dumpcap/capture_errors.h"
#include "server/interface/interface_list.h"
#include "server/interface/interface_name.h"

namespace dissectd::server {
namespace {

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
    return errors::DumpcapError(
        absl::StrCat("The interface \"", request.interface(),
                     "\" has no monitor mode."),
        "", dumpcap);
  }
  return absl::OkStatus();
}

}  // namespace

void InterfaceQueries::List(v1::ListInterfacesResponse* response, DoneFn done) {
  thread_.AssertOnThread();
  dumpcap_->Query({"-D", "-M"},
                  [response, done = std::move(done)](
                      const absl::StatusOr<std::string>& out) mutable {
                    done(ToResponse(out, response));
                  });
}

void InterfaceQueries::GetCapabilities(
    const v1::GetInterfaceCapabilitiesRequest& request,
    v1::GetInterfaceCapabilitiesResponse* response, DoneFn done) {
  thread_.AssertOnThread();
  const absl::Status status = CheckInterfaceName(request.interface());
  if (!status.ok()) return done(status);
  std::vector<std::string> arguments = {"-i", request.interface()};
  if (request.monitor_mode()) arguments.emplace_back("-I");
  arguments.insert(arguments.end(), {"-L", "--list-time-stamp-types", "-M"});
  dumpcap_->Query(arguments,
                  [this, request, response, done = std::move(done)](
                      const absl::StatusOr<std::string>& out) mutable {
                    done(ToResponse(out, request, dumpcap_->path(), response));
                  });
}

}  // namespace dissectd::server
