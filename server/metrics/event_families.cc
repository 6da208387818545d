// SPDX-License-Identifier: GPL-2.0-or-later

#include <array>
#include <string>

#include "server/metrics/events.h"
#include "server/metrics/families.h"

namespace dissectd::server::metrics {
namespace {

struct Series {
  Event event;
  // The value of the family's label; empty if it has none.
  const char* value = "";
};

struct Family {
  const char* name;
  const char* help;
  // Empty if there is one series.
  const char* label;
  std::vector<Series> series;
};

const std::vector<Family>& AllFamilies() {
  static const auto& families = *new std::vector<Family>{
      {"dissectd_engine_restarts_total",
       "Engines that ended although they should not, and were started again.",
       "",
       {{Event::kEngineRestarted}}},
      {"dissectd_engine_hangs_total",
       "Engines that were killed as they answered no ping.",
       "",
       {{Event::kEngineKilledForSilence}}},
      {"dissectd_dissector_crashes_total",
       "Workers that a frame has crashed while a call or a session used them.",
       "",
       {{Event::kDissectorCrashed}}},
      {"dissectd_dumpcap_starts_total",
       "Dumpcap processes that were started for captures.",
       "",
       {{Event::kDumpcapStarted}}},
      {"dissectd_dumpcap_unexpected_ends_total",
       "Dumpcap processes that ended although the capture should go on.",
       "",
       {{Event::kDumpcapEndedUnasked}}},
      {"dissectd_interface_statistics_restarts_total",
       "Restarts of the dumpcap that counts the packets of all interfaces.",
       "",
       {{Event::kInterfaceStatisticsRestarted}}},
      {"dissectd_captures_started_total",
       "Captures that were started.",
       "",
       {{Event::kCaptureStarted}}},
      {"dissectd_captures_ended_total",
       "Captures that ended, by the reason.",
       "reason",
       {{Event::kCaptureRequested, "requested"},
        {Event::kCaptureMetCondition, "condition"},
        {Event::kCaptureKilled, "killed"},
        {Event::kCaptureFailed, "failed"},
        {Event::kCaptureShutDown, "shutdown"},
        {Event::kCaptureInterrupted, "interrupted"},
        {Event::kCaptureIdle, "idle"}}},
      {"dissectd_captures_inherited_total",
       "Captures that ran when the daemon before ended, by what became of "
       "them.",
       "outcome",
       {{Event::kCaptureAdopted, "running"},
        {Event::kCaptureEndAdopted, "ended"},
        {Event::kCaptureLost, "lost"}}},
      {"dissectd_captured_packets_total",
       "Packets that captures have written to their files.",
       "",
       {{Event::kPacketsCaptured}}},
      {"dissectd_captured_bytes_total",
       "Bytes that captures have written to their files.",
       "",
       {{Event::kBytesCaptured}}},
      {"dissectd_dropped_packets_total",
       "Packets that captures have missed, as dumpcap reports them.",
       "",
       {{Event::kPacketsDropped}}},
      {"dissectd_sessions_opened_total",
       "Sessions that were opened.",
       "",
       {{Event::kSessionOpened}}},
      {"dissectd_sessions_failed_total",
       "Sessions that failed, by the cause.",
       "cause",
       {{Event::kSessionTooLarge, "memory"}, {Event::kSessionFailed, "other"}}},
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
      {"dissectd_log_lines_suppressed_total",
       "Lines that were left out of a log as there were too many.",
       "log",
       {{Event::kEngineLogLineLeftOut, "engine"},
        {Event::kCallLogLineLeftOut, "calls"},
        {Event::kAuditLineLeftOut, "audit"}}},
      {"dissectd_audit_log_failures_total",
       "Failed attempts to write the audit log.",
       "",
       {{Event::kAuditLogFailed}}},
      {"dissectd_degraded_total",
       "Failures after which the daemon went on with less.",
       "path",
       {{Event::kCrashingFrameNotKept, "crashing_frame_not_kept"},
        {Event::kRoleFilterNotChecked, "role_filter_not_checked"},
        {Event::kExtcapFailed, "extcap_failed"},
        {Event::kEngineInformationMissing, "engine_information_missing"},
        {Event::kOwnerNoteDamaged, "owner_note_damaged"},
        {Event::kUploadNoteNotDeleted, "upload_note_not_deleted"},
        {Event::kStoreGone, "store_gone"},
        {Event::kStoreReplaced, "store_replaced"},
        {Event::kStoreNotLocked, "store_not_locked"},
        {Event::kJournalNotWritten, "journal_not_written"},
        {Event::kJwtKeyUnusable, "jwt_key_unusable"},
        {Event::kTlsFilesUnusable, "tls_files_unusable"},
        {Event::kWatchedFileUnusable, "watched_file_unusable"},
        {Event::kQueryWorkerNotStarted, "query_worker_not_started"},
        {Event::kScrapeIncomplete, "scrape_incomplete"}}},
  };
  return families;
}

}  // namespace

void AddEvents(Families* families) {
  for (const Family& family : AllFamilies()) {
    FamilyBuilder builder(families, family.name, family.help,
                          prometheus::MetricType::Counter);
    for (const Series& series : family.series) {
      FamilyBuilder::Labels labels;
      if (*family.label != '\0') labels = {{family.label, series.value}};
      builder.Add(static_cast<double>(CountOf(series.event)),
                  std::move(labels));
    }
  }
}

}  // namespace dissectd::server::metrics
