// SPDX-License-Identifier: GPL-2.0-or-later

// What Capture has to do with the extcap programs that it captures from.

#include <chrono>
#include <csignal>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/capture/capture.h"
#include "server/capture/capture_options.h"
#include "server/extcap/extcap_errors.h"

namespace dissectd::server {
namespace {

using std::chrono::milliseconds;

// How long programs have until their first packets, or the head of their file,
// have come. Connecting to another host can take several seconds.
constexpr std::chrono::seconds kFirstFileDeadline(30);
// How long a program has to end by itself once dumpcap has found the end of its
// packets, and how long dumpcap has to find it once the program has failed.
constexpr milliseconds kOwnEndTimeout(1000);
// dumpcap's name for its standard input.
constexpr absl::string_view kStandardInput = "-";

}  // namespace

absl::StatusOr<std::vector<UniqueFd>> Capture::StartSources(
    const std::vector<ExtcapSource>& sources) {
  std::vector<UniqueFd> packets;
  for (const ExtcapSource& source : sources) {
    UniqueFd end;
    ASSIGN_OR_RETURN(std::shared_ptr<PacketSource> started,
                     PacketSource::Start(
                         context_, source,
                         [self = weak_from_this(), index = sources_.size()] {
                           const auto capture = self.lock();
                           if (capture != nullptr) capture->OnSourceEnd(index);
                         },
                         &end));
    sources_.push_back(std::move(started));
    packets.push_back(std::move(end));
  }
  return packets;
}

void Capture::AwaitSources() {
  // Other writers may take their time.
  if (sources_.empty() || ReadsPipes(description().options())) return;
  source_timer_.Start(kFirstFileDeadline, [self = weak_from_this()] {
    const auto capture = self.lock();
    if (capture == nullptr || !capture->history_.files().empty()) return;
    for (const std::shared_ptr<PacketSource>& source : capture->sources_) {
      if (source->has_ended()) continue;
      capture->Fail(errors::ExtcapHangs(source->program(), source->errors()));
      break;
    }
    capture->Escalate(SIGINT);
  });
}

void Capture::OnSourceEnd(size_t index) {
  thread_.AssertOnThread();
  const PacketSource& source = *sources_[index];
  if (!source.failure().ok()) {
    if (source_failure_.ok()) source_failure_ = source.failure();
    StopAfterSource();
  } else if (!absl::StripAsciiWhitespace(source.errors()).empty()) {
    AddMessage(absl::StrCat("The program ", source.program(), " said:"),
               source.errors());
  }
  FinishIfAllEnded();
}

// With other interfaces, dumpcap would go on without the one that failed.
// Without, it ends when it has read the rest of the packets, for which it has
// time in either case.
void Capture::StopAfterSource() {
  if (program_ == nullptr) return;
  source_timer_.Start(kOwnEndTimeout, [self = weak_from_this()] {
    const auto capture = self.lock();
    if (capture != nullptr) capture->Escalate(SIGINT);
  });
}

void Capture::EndSources() {
  const bool unasked = stop_reason_ == v1::STOP_REASON_UNSPECIFIED;
  for (const std::shared_ptr<PacketSource>& source : sources_) {
    source->End(unasked ? kOwnEndTimeout : milliseconds(0));
  }
}

void Capture::KillSources() {
  for (const std::shared_ptr<PacketSource>& source : sources_) source->Kill();
}

void Capture::FinishIfAllEnded() {
  if (!dumpcap_end_.has_value() || has_ended()) return;
  for (const std::shared_ptr<PacketSource>& source : sources_) {
    if (!source->has_ended()) return;
  }
  Finish(dumpcap_end_->wait_status);
}

std::string Capture::InterfaceOf(absl::string_view dumpcap_name) const {
  const v1::InterfaceOptions* client = ClientInterface(description().options());
  if (client != nullptr && dumpcap_name == kStandardInput) {
    return client->name();
  }
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (dumpcap_name == ExtcapInputName(i)) return sources_[i]->interface();
  }
  return MakeValidUtf8(dumpcap_name);
}

}  // namespace dissectd::server
