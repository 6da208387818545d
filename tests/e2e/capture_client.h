// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_CAPTURE_CLIENT_H_
#define TESTS_E2E_CAPTURE_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/dissection.grpc.pb.h"

namespace dissectd {

// A capture filter for the packets that SendUdp sends.
constexpr char kUdpFilter[] = "udp port 9999";

// Returns options that capture what SendUdp sends on an interface, without a
// limit.
v1::CaptureOptions CaptureOf(const std::string& interface);
// Returns options that capture the given number of packets on the loopback
// interface.
v1::CaptureOptions CaptureOfPackets(uint64_t packets);

// Each function below that waits does so for at most a minute, and fails the
// test after that.

// Calls CaptureService. Methods that return a capture fail the test if the call
// fails.
class CaptureClient {
 public:
  explicit CaptureClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::CaptureService::NewStub(channel)) {}

  v1::CaptureService::Stub* stub() const { return stub_.get(); }

  // Calls `method` of the stub, for example
  // &v1::CaptureService::Stub::GetCapture.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::CaptureService::Stub::*method)(
                        grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) const {
    grpc::ClientContext context;
    SetDeadline(&context);
    return (stub_.get()->*method)(&context, request, response);
  }

  v1::Capture Create(const v1::CaptureOptions& options) const;
  // Returns the status of a call that is expected to fail.
  grpc::Status TryCreate(const v1::CaptureOptions& options) const;
  v1::Capture Get(const std::string& name) const;
  grpc::Status TryGet(const std::string& name) const;
  // Returns all captures.
  std::vector<v1::Capture> List() const;
  // All files of a capture.
  std::vector<v1::CaptureFile> Files(const std::string& name) const;
  v1::Capture Stop(const std::string& name,
                   v1::StopMode mode = v1::STOP_MODE_GRACEFUL) const;
  grpc::Status Delete(const std::string& name, bool delete_files) const;
  // Returns all events until the capture ends.
  std::vector<v1::CaptureEvent> Watch(const std::string& name,
                                      uint64_t after_sequence = 0) const;

  // Waits until the capture has counted the given number of packets.
  v1::Capture WaitForPackets(const std::string& name, uint64_t packets) const;
  v1::Capture WaitForEnd(const std::string& name) const;

  static void SetDeadline(grpc::ClientContext* context);

 private:
  const std::unique_ptr<v1::CaptureService::Stub> stub_;
};

// Returns the process id in CaptureStarted; 0 if there is no such event.
pid_t DumpcapOf(const std::vector<v1::CaptureEvent>& events);

// A packet in a capture file.
struct StoredPacket {
  uint32_t interface = 0;
  std::string bytes;
  uint32_t original_length = 0;
};

// Returns the path in the store of a file given by its resource name.
std::string PathInStore(const std::string& store, const std::string& file);

// Reads a complete pcap or pcapng file written by dumpcap.
std::vector<StoredPacket> ReadStoredPackets(const std::string& path);

// Returns the numbers in the payloads of packets that SendUdp sent. Fails the
// test for a packet whose bytes differ from those sent.
std::vector<uint32_t> NumbersOf(const std::vector<StoredPacket>& packets);

// Returns consecutive numbers.
std::vector<uint32_t> Range(uint32_t first, uint32_t count);

// A call of Dissect that is read by a separate thread, so that tests can wait
// for frames.
class LiveDissection {
 public:
  // Returns a request for a live capture.
  static v1::DissectRequest RequestFor(const std::string& capture);

  LiveDissection(const std::shared_ptr<grpc::Channel>& channel,
                 const v1::DissectRequest& request);
  // Cancels the call unless it has ended.
  ~LiveDissection();
  LiveDissection(const LiveDissection&) = delete;
  LiveDissection& operator=(const LiveDissection&) = delete;

  void Cancel() { context_.TryCancel(); }
  // Waits until the given number of frames has arrived or the call has ended.
  void WaitForFrames(size_t count);
  void WaitForHeader();
  // Waits for the end of the call.
  grpc::Status Finish();

  // Returns the messages that have arrived so far.
  std::vector<v1::DissectResponse> Messages();
  std::vector<v1::PlainFrame> Frames();
  std::vector<uint32_t> FrameNumbers();
  // Returns the ranges of lost frames.
  std::vector<v1::FramesLost> Lost();
  // Returns the last message, which must be the end of the stream.
  v1::StreamEnd End();

 private:
  void Read();
  void WaitUntil(const char* what, const std::function<bool()>& condition);

  const std::unique_ptr<v1::DissectionService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::DissectResponse>> reader_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::vector<v1::DissectResponse> messages_;
  size_t frames_ = 0;
  bool ended_ = false;
  grpc::Status status_;

  std::thread thread_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_CAPTURE_CLIENT_H_
