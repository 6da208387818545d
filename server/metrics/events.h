// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_EVENTS_H_
#define SERVER_METRICS_EVENTS_H_

#include <cstddef>
#include <cstdint>

// What all parts of the daemon count, without knowing who reads it. The counts
// are those of the process, which has one daemon.
namespace dissectd::server::metrics {

// Something that happens now and then. events.cc has the metric of each, and
// docs/metrics.md what they mean to the operator.
enum class Event {
  kEngineRestarted,
  kEngineKilledForSilence,
  kDissectorCrashed,

  kDumpcapStarted,
  kDumpcapEndedUnasked,
  kInterfaceStatisticsRestarted,
  kCaptureStarted,
  kCaptureRequested,
  kCaptureMetCondition,
  kCaptureKilled,
  kCaptureFailed,
  kCaptureShutDown,
  kCaptureInterrupted,
  kCaptureIdle,
  kCaptureAdopted,
  kCaptureEndAdopted,
  kCaptureLost,
  kPacketsCaptured,
  kBytesCaptured,
  kPacketsDropped,

  kSessionOpened,
  kSessionFailed,
  kSessionTooLarge,

  kMessageReceived,
  kMessageSent,
  kBytesReceived,
  kBytesSent,

  kConnectionAccepted,
  kConnectionBeyondLimit,
  kConnectionSilent,
  kConnectionCancelsTooMuch,
  kConnectionFloodsOpenServices,
  kConnectionFillsMemory,
  kAcceptFailed,

  kEngineLogLineLeftOut,
  kCallLogLineLeftOut,
  kAuditLineLeftOut,
  kAuditLogFailed,

  // The daemon goes on with less than it should have.
  kCrashingFrameNotKept,
  kRoleFilterNotChecked,
  kExtcapFailed,
  kEngineInformationMissing,
  kOwnerNoteDamaged,
  kUploadNoteNotDeleted,
  kStoreGone,
  kStoreReplaced,
  kStoreNotLocked,
  kJournalNotWritten,
  kJwtKeyUnusable,
  kTlsFilesUnusable,
  kWatchedFileUnusable,
  kQueryWorkerNotStarted,
  kScrapeIncomplete,

  kCount,
};

inline constexpr auto kEventCount = static_cast<size_t>(Event::kCount);

// Counts an event, or several at once. Thread-safe, and cheap enough for each
// message.
void Count(Event event, uint64_t amount = 1);

// Returns how often an event was counted.
uint64_t CountOf(Event event);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_EVENTS_H_
