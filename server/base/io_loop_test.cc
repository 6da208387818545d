// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/io_loop.h"

#include <gtest/gtest.h>

#include <asio/thread_pool.hpp>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"

namespace dissectd::server {
namespace {

std::thread::id ThreadOf(IoLoop* loop) {
  std::promise<std::thread::id> id;
  loop->Post([&id] { id.set_value(std::this_thread::get_id()); });
  return id.get_future().get();
}

TEST(IoLoopTest, ResultsOfOtherThreadsComeToItsOwn) {
  asio::thread_pool pool(1);
  IoLoop loop;
  const std::thread::id thread = ThreadOf(&loop);
  absl::Notification done;
  loop.CallOn(
      pool,
      [thread] {
        EXPECT_NE(std::this_thread::get_id(), thread);
        return std::make_unique<int>(5);
      },
      [&](std::unique_ptr<int> result) {
        EXPECT_EQ(std::this_thread::get_id(), thread);
        EXPECT_EQ(*result, 5);
        done.Notify();
      });
  done.WaitForNotification();
}

TEST(IoLoopTest, WhatIsKeptForTheResultIsDestroyedOnItsThread) {
  asio::thread_pool pool(1);
  IoLoop loop;
  const std::thread::id thread = ThreadOf(&loop);
  absl::Notification destroyed;
  // The other thread is slower: it ends its task after all else is over.
  std::shared_ptr<void> slow(
      nullptr, [&](void* /*unused*/) { destroyed.WaitForNotification(); });
  std::shared_ptr<void> kept(nullptr, [&](void* /*unused*/) {
    EXPECT_EQ(std::this_thread::get_id(), thread);
    destroyed.Notify();
  });
  loop.CallOn(
      pool, [slow = std::move(slow)] { return 0; },
      [kept = std::move(kept)](int /*result*/) {});
  destroyed.WaitForNotification();
  pool.join();
}

}  // namespace
}  // namespace dissectd::server
