// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/live_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "bench/client.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/capture.pb.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {
namespace {

void MustBe(const grpc::Status& status) {
  if (!status.ok()) Fail(status.error_message());
}

// A capture of datagrams to a port. Destruction deletes it with its files.
class Capture {
 public:
  Capture(const ChannelPtr& channel, uint16_t port)
      : stub_(v1::CaptureService::NewStub(channel)) {
    grpc::ClientContext context;
    v1::CreateCaptureRequest request;
    v1::InterfaceOptions* interface =
        request.mutable_options()->add_interfaces();
    interface->set_name("lo");
    interface->set_capture_filter("udp dst port " + std::to_string(port));
    v1::CreateCaptureResponse response;
    MustBe(stub_->CreateCapture(&context, request, &response));
    name_ = response.capture().name();
  }
  ~Capture() {
    Stop();
    grpc::ClientContext context;
    v1::DeleteCaptureRequest request;
    request.set_name(name_);
    request.set_delete_files(true);
    v1::DeleteCaptureResponse response;
    MustBe(stub_->DeleteCapture(&context, request, &response));
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  const std::string& name() const { return name_; }

  void AwaitPackets(uint64_t count) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    v1::WatchCaptureRequest request;
    request.set_name(name_);
    const auto reader = stub_->WatchCapture(&context, request);
    v1::WatchCaptureResponse response;
    while (response.event().packets_written().total_packets() < count) {
      if (!reader->Read(&response)) Fail("the capture lacks packets");
    }
    context.TryCancel();
    reader->Finish();
  }

  void Stop() {
    grpc::ClientContext context;
    v1::StopCaptureRequest request;
    request.set_name(name_);
    v1::StopCaptureResponse response;
    MustBe(stub_->StopCapture(&context, request, &response));
  }

 private:
  const std::unique_ptr<v1::CaptureService::Stub> stub_;
  std::string name_;
};

// Returns a filter that one in twenty datagrams passes, by the last digits of
// its time stamp.
std::string FilterOf(size_t client) {
  return "data.data[19:1] == 3" + std::to_string(client % 10) +
         " && data.data[18:1] " + (client % 20 < 10 ? "<" : ">=") + " 35";
}

// Reads the packet list of a live capture to its end. Returns the number of
// frames.
uint64_t Follow(const ChannelPtr& channel, const std::string& capture,
                const std::string& filter, std::atomic<size_t>* begun) {
  const auto stub = v1::DissectionService::NewStub(channel);
  grpc::ClientContext context;
  v1::DissectRequest request;
  request.set_capture(capture);
  request.mutable_view()->mutable_columns()->set_use_profile_columns(true);
  request.mutable_view()->set_display_filter(filter);
  const auto reader = stub->Dissect(&context, request);
  uint64_t frames = 0;
  v1::DissectResponse response;
  while (reader->Read(&response)) {
    if (response.has_header()) ++*begun;
    frames += static_cast<uint64_t>(response.batch().frames_size());
  }
  MustBe(reader->Finish());
  return frames;
}

}  // namespace

void SendOrFail(const Datagrams& datagrams) {
  const std::string error = Send(datagrams);
  if (!error.empty()) Fail(error);
}

void MeasureLive(const std::string& server, const Datagrams& datagrams) {
  const ChannelPtr channel = Connect(server);
  const Capture capture(channel, datagrams.port);
  const auto stub = v1::DissectionService::NewStub(channel);
  grpc::ClientContext context;
  v1::DissectRequest request;
  request.set_capture(capture.name());
  request.mutable_view()->add_fields("data.data");
  const auto reader = stub->Dissect(&context, request);
  std::thread sender;
  std::vector<double> seconds;
  v1::DissectResponse response;
  while (seconds.size() < datagrams.count && reader->Read(&response)) {
    const uint64_t now = MonotonicNanoseconds();
    if (response.has_header()) {
      sender = std::thread([&datagrams] { SendOrFail(datagrams); });
    }
    const v1::FrameBatch& batch = response.batch();
    for (const v1::Frame& frame : batch.frames()) {
      const uint32_t index = frame.fields().byte_string_indexes(0);
      const std::string& data = batch.byte_strings(static_cast<int>(index));
      const uint64_t sent = std::stoull(data.substr(0, kStampDigits));
      seconds.push_back(static_cast<double>(now - sent) / 1e9);
    }
  }
  if (sender.joinable()) sender.join();
  context.TryCancel();
  reader->Finish();
  if (seconds.size() < datagrams.count) Fail("datagrams are missing");
  PrintQuantiles(seconds);
}

void MeasureFollowers(const std::string& server, const Datagrams& datagrams,
                      size_t clients, bool same_view) {
  const ChannelPtr channel = Connect(server);
  Capture capture(channel, datagrams.port);
  std::atomic<size_t> begun = 0;
  std::atomic<uint64_t> frames = 0;
  std::vector<std::thread> threads;
  threads.reserve(clients);
  for (size_t i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      frames += Follow(Connect(server), capture.name(),
                       same_view ? std::string() : FilterOf(i), &begun);
    });
  }
  const Clock::time_point began = Clock::now();
  while (begun < clients) {
    if (Clock::now() - began > kTimeout) Fail("a client doesn't begin");
    std::this_thread::sleep_for(kPollInterval);
  }
  SendOrFail(datagrams);
  capture.AwaitPackets(datagrams.count);
  capture.Stop();
  for (std::thread& thread : threads) thread.join();
  std::printf("{\"clients\": %zu, \"frames\": %ju}\n", clients,
              static_cast<uintmax_t>(frames));
}

}  // namespace dissectd
