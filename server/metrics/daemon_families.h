// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_DAEMON_FAMILIES_H_
#define SERVER_METRICS_DAEMON_FAMILIES_H_

#include "server/metrics/daemon_state.h"
#include "server/metrics/families.h"

// What only dissectd tells. Each function appends families.
namespace dissectd::server::metrics {

void AddState(const DaemonState& state, Families* families);
void AddWorkers(Families* families);
void AddQueueWaits(Families* families);
void AddDaemonEvents(Families* families);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_DAEMON_FAMILIES_H_
