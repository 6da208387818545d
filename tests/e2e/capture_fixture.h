// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_CAPTURE_FIXTURE_H_
#define TESTS_E2E_CAPTURE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/capture_client.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {

// Runs a daemon in a private network namespace.
class CaptureFixture : public ::testing::Test {
 protected:
  // `arguments` are passed to the daemon.
  explicit CaptureFixture(std::vector<std::string> arguments = {})
      : arguments_(std::move(arguments)) {}

  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
    daemon_.emplace(arguments_);
    Connect();
  }

  // Connects again after a restart of the daemon.
  void Connect() {
    channel_ = daemon_->Connect();
    client_.emplace(channel_);
  }

  DaemonProcess& daemon() { return *daemon_; }
  const DaemonProcess& daemon() const { return *daemon_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const CaptureClient& client() const { return *client_; }

  std::string PathOf(const v1::CaptureFile& file) const {
    return PathInStore(daemon_->store().path(), file.file());
  }

  // The packets in all files of the capture.
  std::vector<StoredPacket> PacketsOf(const v1::Capture& capture) const {
    std::vector<StoredPacket> packets;
    for (const v1::CaptureFile& file : client_->Files(capture.name())) {
      const std::vector<StoredPacket> more = ReadStoredPackets(PathOf(file));
      EXPECT_EQ(more.size(), file.packets()) << file.file();
      packets.insert(packets.end(), more.begin(), more.end());
    }
    return packets;
  }

 private:
  const std::vector<std::string> arguments_;
  std::optional<DaemonProcess> daemon_;
  std::shared_ptr<grpc::Channel> channel_;
  std::optional<CaptureClient> client_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_CAPTURE_FIXTURE_H_
