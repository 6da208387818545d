// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_FILTER_FILTER_COMPILER_EXIT_H_
#define SERVER_CAPTURE_FILTER_FILTER_COMPILER_EXIT_H_

namespace dissectd::server {

// Exit statuses of capture-filter-compiler if it doesn't print an answer.
inline constexpr int kFilterCompilerMisused = 2;
inline constexpr int kFilterLinkTypeUnknown = 3;
inline constexpr int kFilterOutOfMemory = 4;

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_FILTER_FILTER_COMPILER_EXIT_H_
