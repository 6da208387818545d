// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_KEEPER_H_
#define SERVER_CAPTURE_KEEPER_KEEPER_H_

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>

#include "server/base/unique_fd.h"
#include "server/capture_keeper/dumpcap_child.h"
#include "server/capture_keeper/keeper_record.h"
#include "server/capture_keeper/kept_messages.h"
#include "server/dumpcap/sync_pipe.h"

namespace dissectd::server {

// Supervises one dumpcap, and tells a daemon what it says. If the daemon goes,
// keeps what the next one needs, and waits for it; then ends dumpcap, and
// writes all that a daemon needs to a file. Thread-compatible.
class Keeper {
 public:
  struct Options {
    // Where daemons connect.
    UniqueFd listener;
    // The file for the records of a capture that ends without a daemon.
    UniqueFd result;
    // Readable when this process was told to end.
    UniqueFd signals;
    // How long to wait for another daemon.
    std::chrono::seconds patience{0};
  };

  Keeper(Options options, DumpcapChild dumpcap);

  // Returns when dumpcap has ended and nobody needs this process any more.
  void Run();

 private:
  using Clock = std::chrono::steady_clock;

  bool IsDone() const;
  void Poll();
  // Returns the time until something has to be done without an event.
  std::chrono::milliseconds TimeLeft() const;

  // The daemon.
  void Accept();
  // Tells the daemon of a connection that is closed again.
  void Refuse(int other);
  void Receive();
  void Take(const KeeperRecord& record);
  // Sends what the daemon doesn't have yet, as far as it reads.
  void Send();
  std::optional<KeeperRecord> NextRecord(KeptMessages::Cursor* cursor) const;
  void Disconnect();

  // dumpcap.
  void ReadMessages();
  void OnExit();
  // Ends dumpcap if no daemon is there, and none may come any more.
  void CheckAbandoned();
  void Escalate();

  KeeperRecord Hello() const;
  // Writes the file. Returns whether that worked.
  bool WriteResult();

  Options options_;
  DumpcapChild dumpcap_;
  SyncPipeParser parser_;
  KeptMessages messages_;
  // Present once dumpcap has ended.
  std::optional<KeeperRecord> end_;
  std::string notes_;

  // Invalid while no daemon is there.
  UniqueFd daemon_;
  // How far that one has read.
  KeptMessages::Cursor cursor_;
  bool end_sent_ = false;
  // Whether it must read before there is room for more.
  bool full_ = false;
  // When the last one has gone.
  Clock::time_point gone_ = Clock::now();
  // Whether a journal knows of the capture, so that another daemon may come.
  bool in_journal_ = false;
  // Whether a journal has all.
  bool complete_ = false;

  bool told_to_end_ = false;
  bool abandoned_ = false;
  // The signal that comes next, and when, once dumpcap has to end.
  int next_signal_ = SIGINT;
  std::optional<Clock::time_point> next_signal_time_;
  // When to try again to write the file.
  std::optional<Clock::time_point> retry_time_;
  bool written_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_KEEPER_H_
