// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_VOIP_TAPS_H_
#define CORE_ANALYSIS_VOIP_TAPS_H_

#include "absl/types/span.h"
#include "core/analysis/cas_calls.h"
#include "core/analysis/h248_calls.h"
#include "core/analysis/h323_calls.h"
#include "core/analysis/iax2_calls.h"
#include "core/analysis/isdn_calls.h"
#include "core/analysis/isup_calls.h"
#include "core/analysis/mgcp_calls.h"
#include "core/analysis/sip_calls.h"
#include "core/analysis/skinny_calls.h"
#include "core/analysis/unistim_calls.h"
#include "core/analysis/voip_call.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {

// The calls of all protocols.
struct VoipCalls {
  VoipCallList list;
  SipCalls sip{&list};
  Iax2Calls iax2{&list};
  H323Calls h323{&list};
  IsdnCalls isdn{&list};
  IsupCalls isup{&list};
  // The label of the last message that may carry ISUP.
  IsupRoute isup_route;
  MgcpCalls mgcp{&list};
  SkinnyCalls skinny{&list};
  H248Calls h248{&list};
  UnistimCalls unistim{&list};
  CasCalls cas{&list};
};

// A tap that tells of calls, and what takes its data.
struct VoipTap {
  const char* name;
  void (*take)(const packet_info& packet, const void* data, VoipCalls* calls);
};

// Returns all taps that tell of calls.
absl::Span<const VoipTap> VoipTaps();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_VOIP_TAPS_H_
