// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_IO_LOOP_H_
#define SERVER_BASE_IO_LOOP_H_

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <thread>
#include <utility>

#include "server/base/thread_checker.h"

namespace dissectd::server {

// The thread that communicates with dissectd-engine and its workers. Tasks on
// it must not block, and need no locks against each other. Thread-safe.
class IoLoop {
 public:
  IoLoop()
      : work_(context_.get_executor()), thread_([this] {
          checker_.AssertOnThread();
          context_.run();
        }) {}
  ~IoLoop() { Stop(); }
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  asio::io_context& context() { return context_; }

  // Runs `task` on the loop's thread, after what the same thread posted before.
  // A task that the loop's own thread posts is queued when its current task
  // ends, so tasks that other threads post until then run first.
  template <typename Task>
  void Post(Task&& task) {
    asio::post(context_, std::forward<Task>(task));
  }

  // Calls `work` on another thread, which runs the tasks of `context`, then
  // calls `done` with its result on the loop's thread. `done` and the objects
  // that it keeps alive are destroyed on the loop's thread too, so `work` must
  // not share ownership of an object that belongs there. Without the loop, that
  // object's last owner would be whichever thread is slower.
  template <typename Context, typename Work, typename Done>
  void CallOn(Context& context, Work work, Done done) {
    asio::post(context, [this, work = std::move(work),
                         done = std::move(done)]() mutable {
      Post([result = work(), done = std::move(done)]() mutable {
        done(std::move(result));
      });
    });
  }

  // Ends the process in debug builds if this isn't the loop's thread.
  void AssertOnLoop() const { checker_.AssertOnThread(); }

  // Ends the thread. Tasks that haven't started are dropped.
  void Stop() {
    work_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  ThreadChecker checker_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_IO_LOOP_H_
