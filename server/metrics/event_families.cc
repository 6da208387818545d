// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/event_families.h"

#include <utility>

namespace dissectd::server::metrics {
namespace {

EventFamily WithMore(EventFamily family, const std::vector<EventSeries>& more) {
  family.series.insert(family.series.end(), more.begin(), more.end());
  return family;
}

}  // namespace

void AddEvents(const std::vector<EventFamily>& events, Families* families) {
  for (const EventFamily& family : events) {
    FamilyBuilder builder(families, family.name, family.help,
                          MetricType::Counter);
    for (const EventSeries& series : family.series) {
      FamilyBuilder::Labels labels;
      if (*family.label != '\0') labels = {{family.label, series.value}};
      builder.Add(static_cast<double>(CountOf(series.event)),
                  std::move(labels));
    }
  }
}

void AddServerEvents(Families* families) {
  static const auto& events = *new std::vector<EventFamily>{
      {"dissectd_messages_total",
       "Messages of calls, also of those that still run.",
       "direction",
       {{Event::kMessageReceived, "received"}, {Event::kMessageSent, "sent"}}},
      {"dissectd_message_bytes_total",
       "Serialised bytes of these messages.",
       "direction",
       {{Event::kBytesReceived, "received"}, {Event::kBytesSent, "sent"}}},
      {"dissectd_connections_accepted_total",
       "Connections that were accepted.",
       "",
       {{Event::kConnectionAccepted}}},
      {"dissectd_connections_refused_total",
       "Connections that the daemon closed, by the cause.",
       "cause",
       {{Event::kConnectionBeyondLimit, "limit"},
        {Event::kConnectionSilent, "silent"},
        {Event::kConnectionCancelsTooMuch, "cancels"},
        {Event::kConnectionFloodsOpenServices, "open_services"},
        {Event::kConnectionFillsMemory, "memory"}}},
      {"dissectd_accept_failures_total",
       "Failures to accept connections, such as missing descriptors.",
       "",
       {{Event::kAcceptFailed}}},
  };
  AddEvents(events, families);
}

EventFamily DegradedFamily(const std::vector<EventSeries>& more) {
  return WithMore({"dissectd_degraded_total",
                   "Failures after which the daemon went on with less.",
                   "path",
                   {{Event::kJwtKeyUnusable, "jwt_key_unusable"},
                    {Event::kTlsFilesUnusable, "tls_files_unusable"},
                    {Event::kWatchedFileUnusable, "watched_file_unusable"},
                    {Event::kScrapeIncomplete, "scrape_incomplete"}}},
                  more);
}

EventFamily SuppressedLinesFamily(const std::vector<EventSeries>& more) {
  return WithMore({"dissectd_log_lines_suppressed_total",
                   "Lines that were left out of a log as there were too many.",
                   "log",
                   {{Event::kCallLogLineLeftOut, "calls"}}},
                  more);
}

}  // namespace dissectd::server::metrics
