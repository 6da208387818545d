// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_KEEPER_RECORD_H_
#define SERVER_CAPTURE_KEEPER_KEEPER_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// What capture-keeper and the daemon say to each other, one record in each
// message of a SOCK_SEQPACKET socket. A keeper can be older than its daemon,
// which may be an upgraded one: a daemon must understand the records of earlier
// versions, and ignore kinds that it doesn't know.
namespace dissectd::server {

struct KeeperRecord {
  enum class Kind : char {
    // From the keeper. The first record of a connection, with a descriptor of
    // dumpcap's process (pidfd): kVersion, kProcess, kElapsed, kUnattended, and
    // the daemon's notes.
    kHello = 'H',
    // dumpcap couldn't be started: kErrno. The only record.
    kNotStarted = 'N',
    // A message of dumpcap that isn't a packet count, as it came: kFiles,
    // kDrops, kPackets. Those that an earlier daemon had are sent again.
    kMessage = 'M',
    // The number of packets has changed: kPackets.
    kCount = 'C',
    // dumpcap sent something that isn't a message. The text says what.
    kStray = 'S',
    // Another process wanted to be the daemon, and was refused: kPeer.
    kRefused = 'R',
    // dumpcap has ended; the last record: kWaitStatus, kElapsed, kEndTime,
    // kAbandoned.
    kEnd = 'E',

    // From the daemon. The journal has everything up to a number of files, and
    // possibly the end: kFiles, kHasEnd.
    kAcknowledge = 'A',
    // Replaces the notes, which the keeper gives to the next daemon.
    kNotes = 'T',
  };
  static constexpr uint64_t kCurrentVersion = 1;
  static constexpr size_t kNumbers = 4;

  // The indices of numbers; others are 0.
  // kHello.
  static constexpr size_t kVersion = 0;
  static constexpr size_t kProcess = 1;
  // kHello and kEnd: the nanoseconds since dumpcap was started.
  static constexpr size_t kElapsed = 2;
  // kHello: the nanoseconds since the last daemon has gone.
  static constexpr size_t kUnattended = 3;
  // kNotStarted.
  static constexpr size_t kErrno = 0;
  // kRefused: its process id.
  static constexpr size_t kPeer = 0;
  // kMessage and kAcknowledge: the number of files that were opened so far.
  static constexpr size_t kFiles = 0;
  // kMessage: the number of reports of dropped packets so far.
  static constexpr size_t kDrops = 1;
  // kMessage and kCount: the packets in all files so far.
  static constexpr size_t kPackets = 2;
  // kEnd.
  static constexpr size_t kWaitStatus = 0;
  // The time of day, in nanoseconds since 1970.
  static constexpr size_t kEndTime = 1;
  // Whether the keeper has ended dumpcap, as no daemon came.
  static constexpr size_t kAbandoned = 3;
  // kAcknowledge.
  static constexpr size_t kHasEnd = 1;

  Kind kind = Kind::kHello;
  std::array<uint64_t, kNumbers> numbers = {};
  std::string text = {};
};

// Longer ones are never sent.
inline constexpr size_t kMaxRecordBytes = 64 << 10;

std::string EncodeRecord(const KeeperRecord& record);
// Absent if the bytes are no record.
std::optional<KeeperRecord> DecodeRecord(absl::string_view bytes);

// Encode and decode the records of a file. Absent if the file is cut short.
std::string EncodeRecords(const std::vector<KeeperRecord>& records);
std::optional<std::vector<KeeperRecord>> DecodeRecords(absl::string_view bytes);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_KEEPER_RECORD_H_
