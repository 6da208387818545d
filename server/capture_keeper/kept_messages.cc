// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_keeper/kept_messages.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dissectd::server {

void KeptMessages::Add(const SyncMessage& message) {
  switch (message.kind) {
    case SyncMessage::Kind::kPacketCount:
      packets_ += message.number;
      return;
    case SyncMessage::Kind::kFile:
      ++files_;
      return Keep(KeeperRecord::Kind::kMessage, EncodeSyncMessage(message),
                  true);
    case SyncMessage::Kind::kDrops:
      ++drops_;
      break;
    default:
      break;
  }
  Keep(KeeperRecord::Kind::kMessage, EncodeSyncMessage(message), false);
}

void KeptMessages::AddStray(absl::string_view what) {
  Keep(KeeperRecord::Kind::kStray, std::string(what), false);
}

void KeptMessages::Keep(KeeperRecord::Kind kind, std::string text,
                        bool is_file) {
  KeeperRecord record = {kind, {}, std::move(text)};
  record.numbers[KeeperRecord::kFiles] = files_;
  record.numbers[KeeperRecord::kDrops] = drops_;
  record.numbers[KeeperRecord::kPackets] = packets_;
  messages_.push_back({next_number_++, is_file, std::move(record)});
  if (is_file || ++others_ <= kMaxOthers) return;
  ForgetOther();
}

// Forgets the second of the messages that aren't about files.
void KeptMessages::ForgetOther() {
  const auto is_other = [](const Message& message) { return !message.is_file; };
  const auto first = std::find_if(messages_.begin(), messages_.end(), is_other);
  messages_.erase(std::find_if(std::next(first), messages_.end(), is_other));
  --others_;
}

void KeptMessages::Forget(uint64_t files) {
  // dumpcap writes to the last one.
  const uint64_t forgotten = std::min(files + 1, files_);
  messages_.erase(
      std::remove_if(messages_.begin(), messages_.end(),
                     [forgotten](const Message& message) {
                       return message.is_file &&
                              message.record.numbers[KeeperRecord::kFiles] <
                                  forgotten;
                     }),
      messages_.end());
}

std::optional<KeeperRecord> KeptMessages::Next(Cursor* cursor) const {
  const auto next =
      std::lower_bound(messages_.begin(), messages_.end(), cursor->messages,
                       [](const Message& message, uint64_t number) {
                         return message.number < number;
                       });
  if (next != messages_.end()) {
    cursor->messages = next->number + 1;
    cursor->packets = next->record.numbers[KeeperRecord::kPackets];
    return next->record;
  }
  if (cursor->packets == packets_) return std::nullopt;
  cursor->packets = packets_;
  KeeperRecord count = {KeeperRecord::Kind::kCount, {}, {}};
  count.numbers[KeeperRecord::kPackets] = packets_;
  return count;
}

}  // namespace dissectd::server
