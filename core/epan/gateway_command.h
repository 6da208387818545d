// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_GATEWAY_COMMAND_H_
#define CORE_EPAN_GATEWAY_COMMAND_H_

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// What the taps `megaco` and `h248` hand over: a command of H.248. Debian
// doesn't install the header that declares it. The structures are those of
// Wireshark 4.0 and 4.4, with the members that are used and those before them.

struct GatewayTermination {
  const char* name;
};

// A list begins with a node without a termination.
struct GatewayTerminations {
  const GatewayTermination* termination;
  const GatewayTerminations* next;
  const GatewayTerminations* last;
};

struct GatewayTransaction {
  const void* first_message;
  guint32 id;
};

struct GatewayContext {
  const void* first_message;
  guint32 id;
};

struct GatewayCommand {
  guint offset;
  const char* name;
  int type;
  GatewayTerminations terminations;
  const void* message;
  const GatewayTransaction* transaction;
  const GatewayContext* context;
};

// Requests have lower types than replies.
inline constexpr int kFirstGatewayReply = 12;

}  // namespace dissectd::engine

#endif  // CORE_EPAN_GATEWAY_COMMAND_H_
