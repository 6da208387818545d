// SPDX-License-Identifier: GPL-2.0-or-later

#include <vector>

#include "server/metrics/daemon_families.h"
#include "server/metrics/event_families.h"
#include "server/metrics/events.h"

namespace dissectd::server::metrics {
namespace {

const std::vector<EventFamily>& DaemonEvents() {
  static const auto& families = *new std::vector<EventFamily>{
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
      {"dissectd_audit_log_failures_total",
       "Failed attempts to write the audit log.",
       "",
       {{Event::kAuditLogFailed}}},
      SuppressedLinesFamily({{Event::kEngineLogLineLeftOut, "engine"},
                             {Event::kAuditLineLeftOut, "audit"}}),
      DegradedFamily(
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
           {Event::kQueryWorkerNotStarted, "query_worker_not_started"}}),
  };
  return families;
}

}  // namespace

void AddDaemonEvents(Families* families) {
  AddEvents(DaemonEvents(), families);
}

}  // namespace dissectd::server::metrics
