// SPDX-License-Identifier: GPL-2.0-or-later

// Parses any bytes as a policy, and asks it what it permits.

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "server/policy/policy.h"
#include "server/policy/policy_parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::StatusOr<dissectd::server::Policy> policy =
      dissectd::server::ParsePolicy(
          {reinterpret_cast<const char*>(data), size});
  if (!policy.ok()) return 0;
  dissectd::server::Principal principal;
  principal.id = "token:alice";
  principal.authentication = dissectd::server::Authentication::kToken;
  principal.groups = {"g"};
  const dissectd::server::Actor actor = {principal,
                                         "dissectd.v1.FileService/ReadFile"};
  policy->PermitsPath(actor, "files.read", "a/b.pcap");
  policy->PermitsInterface(actor, "interfaces.list", "eth0");
  policy->CaptureFilters(actor, "eth0");
  return 0;
}
