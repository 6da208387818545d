// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PERSONAL_FOLDER_H_
#define CORE_EPAN_PERSONAL_FOLDER_H_

namespace dissectd::engine {

// Makes libwireshark use no personal configuration, with a warning, if its
// folder may not be read: for example because HOME is that of another user. It
// would only complain about files that it can't read, and tshark then dies at
// the first IPv4 packet, as the GeoIP databases have no table. Before
// configuration_init.
void LeaveOutUnreadableConfiguration();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PERSONAL_FOLDER_H_
