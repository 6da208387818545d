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

// The filter for what SendUdp sends.
constexpr char kUdpFilter[] = "udp port 9999";

// To capture what SendUdp sends on an interface, without end.
v1::CaptureOptions CaptureOf(const std::string& interface);
// Until so many packets came on the loopback interface.
v1::CaptureOptions CaptureOfPackets(uint64_t packets);

// Every wait of what follows ends within a minute, and fails the test if it was
// in vain.

// Calls CaptureService. What returns a capture fails the test if the call
// fails.
class CaptureClient {
 public:
  explicit CaptureClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::CaptureService::NewStub(channel)) {}

  v1::CaptureService::Stub* stub() const { return stub_.get(); }

  // `method` of the stub, for example &v1::CaptureService::Stub::GetCapture.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::CaptureService::Stub::*method)(
                        grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) const {
    grpc::ClientContext context;
    SetDeadline(&context);
    return (stub_.get()->*method)(&context, request, response);
  }

  v1::Capture Create(const v1::CaptureOptions& options) const;
  // The status of one that shall fail.
  grpc::Status TryCreate(const v1::CaptureOptions& options) const;
  v1::Capture Get(const std::string& name) const;
  grpc::Status TryGet(const std::string& name) const;
  // All of them.
  std::vector<v1::Capture> List() const;
  v1::Capture Stop(const std::string& name,
                   v1::StopMode mode = v1::STOP_MODE_GRACEFUL) const;
  grpc::Status Delete(const std::string& name, bool delete_files) const;
  // All events until the capture ends.
  std::vector<v1::CaptureEvent> Watch(const std::string& name,
                                      uint64_t after_sequence = 0) const;

  // Waits until so many packets are counted.
  v1::Capture WaitForPackets(const std::string& name, uint64_t packets) const;
  v1::Capture WaitForEnd(const std::string& name) const;

  static void SetDeadline(grpc::ClientContext* context);

 private:
  const std::unique_ptr<v1::CaptureService::Stub> stub_;
};

// Of CaptureStarted; 0 if there is none.
pid_t DumpcapOf(const std::vector<v1::CaptureEvent>& events);

// A packet in a file.
struct StoredPacket {
  uint32_t interface = 0;
  std::string bytes;
  uint32_t original_length = 0;
};

// The path of a file in a store, by its resource name.
std::string PathInStore(const std::string& store, const std::string& file);

// Reads a file of dumpcap's, pcap or pcapng, that has all its bytes.
std::vector<StoredPacket> ReadStoredPackets(const std::string& path);

// The numbers in the payloads of whole packets that SendUdp sent. The test
// fails for any that has other bytes than were sent.
std::vector<uint32_t> NumbersOf(const std::vector<StoredPacket>& packets);

// Numbers one after the other.
std::vector<uint32_t> Range(uint32_t first, uint32_t count);

// A call of Dissect that is read by a thread of its own, so that a test can
// wait for what comes.
class LiveDissection {
 public:
  // Of a capture.
  static v1::DissectRequest RequestFor(const std::string& capture);

  LiveDissection(const std::shared_ptr<grpc::Channel>& channel,
                 const v1::DissectRequest& request);
  // Cancels it, unless it has ended.
  ~LiveDissection();
  LiveDissection(const LiveDissection&) = delete;
  LiveDissection& operator=(const LiveDissection&) = delete;

  void Cancel() { context_.TryCancel(); }
  // Waits until so many frames have come, or the call has ended.
  void WaitForFrames(size_t count);
  void WaitForHeader();
  // Waits for the end.
  grpc::Status Finish();

  // What has come so far.
  std::vector<v1::DissectResponse> Messages();
  std::vector<v1::Frame> Frames();
  std::vector<uint32_t> FrameNumbers();
  // First and last of all that were lost.
  std::vector<v1::FramesLost> Lost();
  // The last message, which must be the end.
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
