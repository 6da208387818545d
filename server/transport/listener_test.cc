// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/listener.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "server/transport/listen_address.h"

namespace dissectd::server {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);

class ListenerTest : public testing::Test {
 protected:
  ListenerTest()
      : address_(*ResolveListenAddress(
            absl::StrCat("unix:/tmp/dissectd-listener-test-", getpid()))) {}

  ~ListenerTest() override {
    loop_.Stop();
    listener_.reset();
  }

  void Start(ConnectionTable::Limits limits) {
    table_ = std::make_unique<ConnectionTable>(limits);
    std::vector<ListeningSocket> sockets = *ListeningSocket::Open(address_);
    absl::Notification started;
    loop_.Post([&] {
      listener_ = std::make_unique<Listener>(
          &loop_, std::move(sockets), table_.get(), [this](UniqueFd fd, bool) {
            const absl::MutexLock lock(&mutex_);
            delivered_.push_back(std::move(fd));
          });
      started.Notify();
    });
    started.WaitForNotification();
  }

  static UniqueFd Socket() {
    return UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }

  void Connect(const UniqueFd& client) const {
    const SocketAddress& address = address_.addresses.front();
    EXPECT_EQ(connect(client.get(), address.get(), address.size), 0);
  }

  // Returns whether there are that many connections within the time.
  bool Delivers(size_t count, absl::Duration timeout = kTimeout) {
    const auto reached = [&] {
      mutex_.AssertReaderHeld();
      return delivered_.size() >= count;
    };
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), timeout);
  }

  const ListenAddress address_;
  std::unique_ptr<ConnectionTable> table_;
  absl::Mutex mutex_;
  std::vector<UniqueFd> delivered_ ABSL_GUARDED_BY(mutex_);
  IoLoop loop_;
  std::unique_ptr<Listener> listener_;
};

TEST_F(ListenerTest, DeliversConnectionsThatSaySomething) {
  Start({10, 10, 10});
  const UniqueFd silent = Socket();
  const UniqueFd talkative = Socket();
  Connect(silent);
  Connect(talkative);
  EXPECT_EQ(send(talkative.get(), "P", 1, 0), 1);
  ASSERT_TRUE(Delivers(1));
  EXPECT_FALSE(Delivers(2, absl::Milliseconds(50)));
  EXPECT_EQ(table_->CountOpen(), 2u);
  EXPECT_EQ(send(silent.get(), "P", 1, 0), 1);
  EXPECT_TRUE(Delivers(2));
}

TEST_F(ListenerTest, RefusesTooManyConnections) {
  Start({10, 1, 10});
  const UniqueFd first = Socket();
  const UniqueFd second = Socket();
  Connect(first);
  Connect(second);
  char byte = 0;
  EXPECT_EQ(recv(second.get(), &byte, 1, 0), 0);
  EXPECT_EQ(send(first.get(), "P", 1, 0), 1);
  EXPECT_TRUE(Delivers(1));
}

TEST_F(ListenerTest, AcceptsAgainAfterItRanOutOfDescriptors) {
  Start({10, 10, 10});
  const UniqueFd client = Socket();
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none = {static_cast<rlim_t>(client.get()) + 1, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  Connect(client);
  EXPECT_EQ(send(client.get(), "P", 1, 0), 1);
  EXPECT_FALSE(Delivers(1, absl::Milliseconds(500)));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(Delivers(1));
}

}  // namespace
}  // namespace dissectd::server
