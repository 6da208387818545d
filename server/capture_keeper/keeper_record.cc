// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_keeper/keeper_record.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

// The kind and the numbers come first. Both programs run on one machine, so
// that numbers keep its byte order.
constexpr size_t kNumbersBytes = sizeof(KeeperRecord::numbers);
constexpr size_t kHeaderBytes = 1 + kNumbersBytes;

}  // namespace

std::string EncodeRecord(const KeeperRecord& record) {
  std::string bytes(kHeaderBytes, static_cast<char>(record.kind));
  std::memcpy(&bytes[1], record.numbers.data(), kNumbersBytes);
  absl::StrAppend(
      &bytes,
      absl::string_view(record.text).substr(0, kMaxRecordBytes - kHeaderBytes));
  return bytes;
}

std::optional<KeeperRecord> DecodeRecord(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return std::nullopt;
  KeeperRecord record;
  record.kind = static_cast<KeeperRecord::Kind>(bytes[0]);
  std::memcpy(record.numbers.data(), &bytes[1], kNumbersBytes);
  record.text = std::string(bytes.substr(kHeaderBytes));
  return record;
}

std::string EncodeRecords(const std::vector<KeeperRecord>& records) {
  std::string bytes;
  for (const KeeperRecord& record : records) {
    const std::string encoded = EncodeRecord(record);
    const auto size = static_cast<uint32_t>(encoded.size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes += encoded;
  }
  return bytes;
}

std::optional<std::vector<KeeperRecord>> DecodeRecords(
    absl::string_view bytes) {
  std::vector<KeeperRecord> records;
  while (!bytes.empty()) {
    uint32_t size = 0;
    if (bytes.size() < sizeof(size)) return std::nullopt;
    std::memcpy(&size, bytes.data(), sizeof(size));
    bytes.remove_prefix(sizeof(size));
    if (bytes.size() < size) return std::nullopt;
    std::optional<KeeperRecord> record = DecodeRecord(bytes.substr(0, size));
    if (!record.has_value()) return std::nullopt;
    records.push_back(*std::move(record));
    bytes.remove_prefix(size);
  }
  return records;
}

}  // namespace dissectd::server
