// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/testing/live_test.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <future>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/testing/settle.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"

namespace dissectd::server {
namespace {

// Removes a value from the beginning of a payload.
template <typename T>
T Take(const std::string& payload) {
  absl::string_view bytes = payload;
  T value = {};
  EXPECT_TRUE(ipc::TakeStruct(&bytes, &value));
  return value;
}

}  // namespace

void PlayedWorker::RequestRead(uint64_t records, bool at_end) {
  ipc::ReadRequest request = {};
  request.records = records;
  request.at_end = at_end ? 1 : 0;
  channel.Send(ipc::MessageType::kReadRequest, kOnlyRequest,
               ipc::BytesOf(request));
}

std::string PlayedWorker::Receive(ipc::MessageType type) {
  std::optional<FakeWorker::Message> message = channel.Receive();
  if (!message.has_value()) {
    ADD_FAILURE() << "a worker's channel is closed";
    return std::string();
  }
  EXPECT_EQ(static_cast<int>(message->type), static_cast<int>(type));
  return std::move(message->payload);
}

ipc::LiveState PlayedWorker::ReceiveState() {
  return Take<ipc::LiveState>(Receive(ipc::MessageType::kLiveState));
}

ipc::AddStream PlayedWorker::ReceiveStream() {
  return Take<ipc::AddStream>(Receive(ipc::MessageType::kAddStream));
}

ipc::StreamNumber PlayedWorker::ReceiveAbout(ipc::MessageType type) {
  return Take<ipc::StreamNumber>(Receive(type));
}

void PlayedWorker::SendHeader(absl::string_view text) {
  SendMessage(0, text, 0, 0);
}

void PlayedWorker::SendMessage(ipc::StreamNumber stream_number,
                               absl::string_view text, uint32_t last_frame,
                               uint32_t frames_sent) {
  ipc::StreamMessage about = {};
  about.stream = stream_number;
  about.last_frame = last_frame;
  about.frames_sent = frames_sent;
  channel.Send(ipc::MessageType::kStreamMessage, kOnlyRequest,
               absl::StrCat(ipc::BytesOf(about), text));
}

void PlayedWorker::EndStream(ipc::StreamNumber stream_number) {
  // An empty dissectd.v1.StatusDetails has the code OK.
  channel.Send(ipc::MessageType::kStreamEnded, kOnlyRequest,
               ipc::BytesOf(stream_number));
}

void PlayedWorker::SendStates(const std::vector<ipc::StreamState>& states) {
  std::string payload;
  for (const ipc::StreamState& state : states) {
    absl::StrAppend(&payload, ipc::BytesOf(state));
  }
  channel.Send(ipc::MessageType::kStreamStates, kOnlyRequest, payload);
}

LiveTest::LiveTest() {
  capture_ = std::make_unique<PlayedCapture>(&loop_, store_.folder());
  workers_ = std::make_unique<LiveWorkers>(LiveWorker::Deps{
      &loop_, {&loop_, &pool_, store_.files(), capture_.get()}});
}

LiveTest::~LiveTest() {
  for (const auto& reader : readers_) Leave(reader.get());
  pool_.join();
  OnLoop([this] { workers_.reset(); });
  // Waits for tasks that still use the objects destroyed next.
  Settle(&loop_);
}

void LiveTest::OnLoop(const std::function<void()>& task) {
  std::promise<void> done;
  loop_.Post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

v1::DissectRequest LiveTest::Request(const std::string& filter,
                                     uint32_t first_frame) const {
  v1::DissectRequest request;
  request.set_capture(capture_->name());
  // All requests need the same kind of tree, so one worker can serve them.
  request.mutable_view()->add_fields("ip.src");
  request.mutable_view()->set_display_filter(filter);
  if (first_frame != 0) {
    request.mutable_view()->mutable_range()->set_first_frame(first_frame);
  }
  return request;
}

RecordingReader* LiveTest::NewReader(v1::DissectRequest request,
                                     const std::string& principal) {
  readers_.push_back(std::make_unique<RecordingReader>(
      &engine_, std::move(request), principal));
  return readers_.back().get();
}

RecordingReader* LiveTest::Join(v1::DissectRequest request) {
  RecordingReader* reader = NewReader(std::move(request));
  Join(reader);
  return reader;
}

void LiveTest::Join(RecordingReader* reader) {
  OnLoop([&] { EXPECT_TRUE(workers_->Join(reader).ok()); });
}

void LiveTest::Leave(RecordingReader* reader) {
  OnLoop([&] {
    const std::shared_ptr<LiveWorker> worker = reader->worker();
    reader->ForgetWorker();
    if (worker != nullptr) worker->Leave(reader);
  });
}

void LiveTest::MakeRoom(RecordingReader* reader) {
  reader->SetRoom(true);
  OnLoop([&] { reader->worker()->ReadMore(); });
}

void LiveTest::AwaitWaiting(RecordingReader* reader) {
  bool waits = false;
  while (!waits) OnLoop([&] { waits = reader->worker()->is_waiting(); });
}

PlayedWorker LiveTest::Start() {
  PlayedWorker worker;
  std::tie(worker.channel, worker.id) = engine_.Next();
  worker.Receive(ipc::MessageType::kCaptureName);
  worker.Receive(ipc::MessageType::kFollow);
  worker.Receive(ipc::MessageType::kLiveFile);
  const ipc::AddStream first = worker.ReceiveStream();
  EXPECT_EQ(first.origin, ipc::StreamOrigin::kBeginning);
  worker.stream = first.state.stream;
  return worker;
}

void LiveTest::Crash(PlayedWorker* worker) {
  worker->channel.Close();
  engine_.End(worker->id, {WorkerEnd::Kind::kSignaled, SIGSEGV});
}

}  // namespace dissectd::server
