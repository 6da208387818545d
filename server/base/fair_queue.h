// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_FAIR_QUEUE_H_
#define SERVER_BASE_FAIR_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace dissectd::server {

// Items of several callers that wait for one of a few slots. Callers take
// turns, whatever the number of their items, and each caller's items come in
// their order. No caller can have all slots: the last free one is only for a
// caller that has none. Thread-compatible.
template <typename T>
class FairQueue {
 public:
  struct Limits {
    size_t slots = 0;
    // The limit for one caller.
    size_t slots_per_caller = 0;
  };
  struct Turn {
    std::string caller;
    T item;
  };

  explicit FairQueue(const Limits& limits) : limits_(limits) {}

  void Push(const std::string& caller, T item) {
    std::deque<T>& items = LineOf(caller)->items;
    items.push_back(std::move(item));
    ++size_;
  }

  // Takes the next item and a slot for it, which its user returns by Release.
  // Returns nothing if none of those who wait may have a slot.
  std::optional<Turn> Next() {
    const auto line =
        std::find_if(lines_.begin(), lines_.end(),
                     [this](const Line& l) { return MayRun(l.caller); });
    if (line == lines_.end()) return std::nullopt;
    Turn turn = {line->caller, std::move(line->items.front())};
    line->items.pop_front();
    --size_;
    // The caller's next turn comes after those of the others.
    lines_.splice(lines_.end(), lines_, line);
    if (line->items.empty()) Erase(line);
    ++used_;
    ++used_by_[turn.caller];
    return turn;
  }

  void Release(const std::string& caller) {
    --used_;
    const auto used = used_by_.find(caller);
    if (--used->second == 0) used_by_.erase(used);
  }

  // Removes items that wait.
  template <typename Predicate>
  void RemoveIf(Predicate predicate) {
    for (auto line = lines_.begin(); line != lines_.end();) {
      const auto current = line++;
      std::deque<T>& items = current->items;
      const auto end = std::remove_if(items.begin(), items.end(), predicate);
      size_ -= static_cast<size_t>(items.end() - end);
      items.erase(end, items.end());
      if (items.empty()) Erase(current);
    }
  }

  // Returns the number of items that wait.
  size_t size() const { return size_; }
  // Returns the number of slots that are taken.
  size_t used() const { return used_; }
  size_t WaitingOf(const std::string& caller) const {
    const auto found = by_caller_.find(caller);
    return found == by_caller_.end() ? 0 : found->second->items.size();
  }

 private:
  struct Line {
    std::string caller;
    std::deque<T> items;
  };
  using Lines = std::list<Line>;

  typename Lines::iterator LineOf(const std::string& caller) {
    const auto known = by_caller_.find(caller);
    if (known != by_caller_.end()) return known->second;
    lines_.push_back({caller, {}});
    return by_caller_[caller] = std::prev(lines_.end());
  }

  void Erase(typename Lines::iterator line) {
    by_caller_.erase(line->caller);
    lines_.erase(line);
  }

  bool MayRun(const std::string& caller) const {
    if (used_ >= limits_.slots) return false;
    const auto used = used_by_.find(caller);
    if (used == used_by_.end()) return true;
    return used->second < limits_.slots_per_caller && used_ + 1 < limits_.slots;
  }

  const Limits limits_;
  // Callers that wait, in the order of their next turns.
  Lines lines_;
  std::unordered_map<std::string, typename Lines::iterator> by_caller_;
  size_t size_ = 0;
  size_t used_ = 0;
  // Only callers that have slots.
  std::unordered_map<std::string, size_t> used_by_;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_FAIR_QUEUE_H_
