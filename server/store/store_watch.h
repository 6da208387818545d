// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_STORE_WATCH_H_
#define SERVER_STORE_STORE_WATCH_H_

#include <asio/thread_pool.hpp>
#include <functional>

#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/store/file_store.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

// Notices within a second that the folder of the store is gone or was replaced,
// and has it served again once it is there.
class StoreWatch {
 public:
  // Nothing is owned; all outlives this.
  struct Deps {
    IoLoop* loop;
    asio::thread_pool* pool;
    FileStore* files;
    UploadStore* uploads;
    // Called on the loop's thread when the store goes and when it is back.
    std::function<void(bool there)> on_change;
  };

  // Used on the loop's thread; destroyed after the loop and the pool have
  // stopped.
  explicit StoreWatch(Deps deps);

  void Start();

 private:
  // Runs on the pool.
  bool IsThere() const;
  void Note(bool there);

  const Deps deps_;
  Timer timer_;
  bool there_ = true;
};

}  // namespace dissectd::server

#endif  // SERVER_STORE_STORE_WATCH_H_
