// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_EVENT_FAMILIES_H_
#define SERVER_METRICS_EVENT_FAMILIES_H_

#include <vector>

#include "server/metrics/events.h"
#include "server/metrics/families.h"

// Makes families of counted events.
namespace dissectd::server::metrics {

struct EventSeries {
  Event event;
  // The value of the family's label; empty if it has none.
  const char* value = "";
};

struct EventFamily {
  const char* name;
  const char* help;
  // Empty if there is one series.
  const char* label;
  std::vector<EventSeries> series;
};

// Appends the counts of these events.
void AddEvents(const std::vector<EventFamily>& events, Families* families);

// Appends messages and connections, which all programs that serve calls have.
void AddServerEvents(Families* families);

// Returns the family of failures after which a program goes on with less, and
// that of lines that were left out of logs: what all programs that serve calls
// have, and what one of them adds.
EventFamily DegradedFamily(const std::vector<EventSeries>& more);
EventFamily SuppressedLinesFamily(const std::vector<EventSeries>& more);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_EVENT_FAMILIES_H_
