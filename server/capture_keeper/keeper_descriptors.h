// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_KEEPER_DESCRIPTORS_H_
#define SERVER_CAPTURE_KEEPER_KEEPER_DESCRIPTORS_H_

namespace dissectd::server {

// The descriptors that capture-keeper inherits: the socket where daemons
// connect, and the file for the end of a capture that no daemon sees.
inline constexpr int kKeeperListener = 3;
inline constexpr int kKeeperResult = 4;

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_KEEPER_DESCRIPTORS_H_
