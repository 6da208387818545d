// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_SINGLE_THREAD_H_
#define CORE_BASE_SINGLE_THREAD_H_

namespace dissectd {

// Returns whether this process has no other threads, so that forking is safe: a
// fork copies only the calling thread, so a lock held by another one would stay
// locked in the fork, and what it would do isn't done there.
bool HasSingleThread();

}  // namespace dissectd

#endif  // CORE_BASE_SINGLE_THREAD_H_
