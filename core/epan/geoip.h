// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_GEOIP_H_
#define CORE_EPAN_GEOIP_H_

#include <string>

#include "absl/status/status.h"
#include "core/epan/attachments.h"

namespace dissectd::engine {

// Prepares libwireshark for a folder with GeoIP databases. It starts
// Wireshark's program mmdbresolve, which reads them, and threads that talk to
// it; both end with this process. `name` is the preference that names the
// folder. Errors: INVALID_ARGUMENT (PREFERENCE_VALUE_INVALID) if a database
// can't be read, for which libwireshark would wait forever. A machine without
// mmdbresolve leads to a warning.
absl::Status PrepareGeoIp(const std::string& folder, const std::string& name,
                          const Attachments& attachments);

// Makes libwireshark not wait for answers of mmdbresolve. Forks of this process
// would wait forever, as they are without the threads; they find no address.
void ForgoGeoIp();

// Returns the path of mmdbresolve; empty if the machine has none.
std::string GeoIpProgram();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_GEOIP_H_
