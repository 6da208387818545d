// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/h248_calls.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dissectd::engine {
namespace {

// Contexts that are none: ITU-T H.248.1, section 6.1.
constexpr uint32_t kNoContext = 0;
constexpr uint32_t kChosenContext = 0xFFFFFFFE;
constexpr uint32_t kAllContexts = 0xFFFFFFFF;

// Stands for a part of a termination's name that the gateway chooses.
constexpr char kChosenPart = '$';

}  // namespace

H248Calls::Key H248Calls::KeyOf(const CallPacket& packet, uint32_t number) {
  const auto& [lower, higher] = std::minmax(packet.source, packet.destination);
  return {lower, higher, number};
}

void H248Calls::Add(const H248Command& command) {
  if (command.context == kNoContext || command.context == kAllContexts) return;
  Known* known = Find(command);
  const bool is_new = known == nullptr;
  if (is_new) known = Begin(command);
  VoipCall& call = *known->call;
  std::string terminations = NewTerminations(command, known);
  if (is_new) {
    known->first_terminations = std::move(terminations);
  } else {
    absl::StrAppend(&call.to, known->first_terminations, terminations);
    known->first_terminations.clear();
  }
  call.from = absl::StrFormat("%s : %08x", known->gateway, known->context);
  call.Count(command.packet);
}

std::string H248Calls::NewTerminations(const H248Command& command,
                                       Known* known) {
  std::string names;
  for (const std::string& name : command.terminations) {
    if (name.find(kChosenPart) == std::string::npos &&
        known->terminations.insert(name).second) {
      absl::StrAppend(&names, " ", name);
    }
  }
  return names;
}

H248Calls::Known* H248Calls::Find(const H248Command& command) {
  const Key context = KeyOf(command.packet, command.context);
  const auto asked =
      by_transaction_.find(KeyOf(command.packet, command.transaction));
  if (asked != by_transaction_.end()) {
    Known* const known = asked->second;
    if (command.context != kChosenContext) {
      known->context = command.context;
      by_context_[context] = known;
    }
    return known;
  }
  if (command.context == kChosenContext) return nullptr;
  const auto found = by_context_.find(context);
  return found == by_context_.end() ? nullptr : found->second;
}

H248Calls::Known* H248Calls::Begin(const H248Command& command) {
  VoipCall* const call = calls_->Begin("H.248", command.packet);
  if (!command.is_request) {
    call->initial_speaker = command.packet.destination;
  }
  Known* const known = &known_.emplace_back(Known{
      call,
      command.is_request ? command.packet.destination : command.packet.source,
      command.context,
      {},
      ""});
  if (command.context == kChosenContext) {
    by_transaction_[KeyOf(command.packet, command.transaction)] = known;
  } else {
    by_context_[KeyOf(command.packet, command.context)] = known;
  }
  return known;
}

}  // namespace dissectd::engine
