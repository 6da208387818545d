// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_WIRESHARK_CONVERSATIONS_H_
#define CORE_ANALYSIS_WIRESHARK_CONVERSATIONS_H_

// libwireshark's header about tables of conversations, which uses types that it
// doesn't declare.
// clang-format off
#include "core/epan/tap_data.h"
#include "core/epan/wireshark.h"
// clang-format on

#endif  // CORE_ANALYSIS_WIRESHARK_CONVERSATIONS_H_
