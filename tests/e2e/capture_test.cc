// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the life of captures: how they start and end, and what is known about
// them.

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <thread>

#include "dissectd/v1/file.grpc.pb.h"
#include "server/capture/capture_history.h"
#include "server/capture/capture_journal.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using Stub = v1::CaptureService::Stub;

void ExpectDetail(const grpc::Status& status, grpc::StatusCode code,
                  const std::string& reason) {
  EXPECT_EQ(status.error_code(), code) << status.error_message();
  EXPECT_EQ(FailureOf(status).reason(), reason);
}

std::vector<std::string> NamesOf(const std::vector<v1::Capture>& captures) {
  std::vector<std::string> names;
  names.reserve(captures.size());
  for (const v1::Capture& capture : captures) names.push_back(capture.name());
  return names;
}

// Returns the results of several threads that call the function at the same
// time.
template <typename Function>
auto AtOnce(int threads, Function function) {
  std::vector<decltype(function())> results(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  running.reserve(results.size());
  for (auto& result : results) {
    running.emplace_back([&result, &function] { result = function(); });
  }
  for (std::thread& thread : running) thread.join();
  return results;
}

class CaptureTest : public CaptureFixture {
 protected:
  std::string FolderOf(const v1::Capture& capture) {
    return daemon().store().path() + "/" + capture.name();
  }

  v1::Capture CreateWithId(const std::string& request_id) {
    v1::CreateCaptureRequest request;
    *request.mutable_options() = CaptureOf("lo");
    request.set_request_id(request_id);
    v1::CreateCaptureResponse response;
    EXPECT_TRUE(client().Call(&Stub::CreateCapture, request, &response).ok());
    return response.capture();
  }

  v1::ListCapturesResponse Page(int size, const std::string& token) {
    v1::ListCapturesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    v1::ListCapturesResponse response;
    EXPECT_TRUE(client().Call(&Stub::ListCaptures, request, &response).ok());
    return response;
  }

  // Returns all captures, read page by page.
  std::vector<std::string> ListInPages(int size) {
    std::vector<std::string> names;
    std::string token;
    do {
      const v1::ListCapturesResponse page = Page(size, token);
      EXPECT_LE(page.captures_size(), size);
      EXPECT_GT(page.captures_size(), 0);
      for (const v1::Capture& capture : page.captures()) {
        names.push_back(capture.name());
      }
      token = page.next_page_token();
    } while (!token.empty() && names.size() < 100);
    return names;
  }
};

TEST_F(CaptureTest, LivesUntilItsConditionIsMet) {
  const v1::Capture begun = client().Create(CaptureOfPackets(5));
  EXPECT_EQ(begun.state(), v1::CAPTURE_STATE_RUNNING);
  EXPECT_FALSE(begun.has_stopped());
  EXPECT_FALSE(begun.has_end_time());
  ASSERT_EQ(begun.file_count(), 1u);
  SendUdp({.count = 5});
  const v1::Capture ended = client().WaitForEnd(begun.name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
  EXPECT_EQ(ended.stopped().exit_status(), 0);
  EXPECT_EQ(ended.stopped().failure().reason(), "");
  EXPECT_EQ(ended.stopped().packets_written(), 5u);
  EXPECT_EQ(ended.packets_written(), 5u);
  EXPECT_EQ(ended.options().SerializeAsString(),
            CaptureOfPackets(5).SerializeAsString());
  ASSERT_EQ(ended.drops_size(), 1);
  EXPECT_EQ(ended.drops(0).interface(), "lo");
  EXPECT_GE(ended.end_time().seconds(), ended.create_time().seconds());
  EXPECT_EQ(ended.current_file().file(),
            "files/" + begun.name() + "/capture.pcapng");
  EXPECT_EQ(ended.current_file().first_packet(), 1u);
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(1, 5));
}

TEST_F(CaptureTest, TellsItsLifeAsEvents) {
  const v1::Capture capture = client().Create(CaptureOfPackets(3));
  SendUdp({.count = 3});
  const std::vector<v1::CaptureEvent> events = client().Watch(capture.name());
  ASSERT_GE(events.size(), 5u);
  EXPECT_GT(events[0].started().process_id(), 1);
  EXPECT_EQ(events[1].file_opened().file(), capture.current_file().file());
  uint64_t packets = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].sequence(), i + 1);
    EXPECT_TRUE(events[i].has_time());
    if (!events[i].has_packets_written()) continue;
    packets += events[i].packets_written().new_packets();
    EXPECT_EQ(events[i].packets_written().total_packets(), packets);
  }
  EXPECT_EQ(packets, 3u);
  EXPECT_EQ(events[events.size() - 2].packets_dropped().interface(), "lo");
  EXPECT_EQ(events.back().stopped().SerializeAsString(),
            client().Get(capture.name()).stopped().SerializeAsString());
  EXPECT_EQ(events.back().sequence(),
            client().Get(capture.name()).last_sequence());
}

TEST_F(CaptureTest, IsWatchedByManyFromAnyEvent) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::vector<v1::CaptureEvent> live;
  std::thread watcher([&] { live = client().Watch(capture.name()); });
  for (uint32_t i = 1; i <= 3; ++i) {
    SendUdp({.first = i});
    client().WaitForPackets(capture.name(), i);
  }
  std::vector<v1::CaptureEvent> late;
  std::thread late_watcher([&] { late = client().Watch(capture.name()); });
  client().Stop(capture.name());
  watcher.join();
  late_watcher.join();
  const std::vector<v1::CaptureEvent> after = client().Watch(capture.name());
  const auto as_text = [](const std::vector<v1::CaptureEvent>& events) {
    std::string text;
    for (const v1::CaptureEvent& event : events) text += event.DebugString();
    return text;
  };
  EXPECT_EQ(as_text(live), as_text(after));
  EXPECT_EQ(as_text(late), as_text(after));
  for (const uint64_t seen : {uint64_t{1}, uint64_t{3}, after.size() - 1}) {
    EXPECT_EQ(
        as_text(client().Watch(capture.name(), seen)),
        as_text({after.begin() + static_cast<ptrdiff_t>(seen), after.end()}));
  }
  EXPECT_TRUE(client().Watch(capture.name(), after.size()).empty());
}

TEST_F(CaptureTest, KeepsAllPacketsWhenItIsStopped) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 2000, .payload_size = 100});
  client().WaitForPackets(capture.name(), 2000);
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
  EXPECT_EQ(stopped.stopped().packets_dropped(), 0u);
  EXPECT_EQ(NumbersOf(PacketsOf(stopped)), Range(1, 2000));
  EXPECT_EQ(client().Stop(capture.name()).SerializeAsString(),
            stopped.SerializeAsString())
      << "one that has ended stays as it is";
  EXPECT_EQ(
      client().Stop(capture.name(), v1::STOP_MODE_KILL).SerializeAsString(),
      stopped.SerializeAsString());
}

TEST_F(CaptureTest, IsStoppedByManyAtOnce) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 10});
  client().WaitForPackets(capture.name(), 10);
  for (const v1::Capture& stopped :
       AtOnce(4, [&] { return client().Stop(capture.name()); })) {
    EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
    EXPECT_EQ(stopped.packets_written(), 10u);
  }
}

TEST_F(CaptureTest, CanBeKilled) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 10});
  client().WaitForPackets(capture.name(), 10);
  const v1::Capture killed = client().Stop(capture.name(), v1::STOP_MODE_KILL);
  EXPECT_EQ(killed.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(killed.stopped().reason(), v1::STOP_REASON_KILLED);
  EXPECT_EQ(killed.stopped().signal(), 9);
  EXPECT_FALSE(killed.stopped().has_exit_status());
  EXPECT_EQ(NumbersOf(PacketsOf(killed)), Range(1, 10));
}

TEST_F(CaptureTest, IsListedInTheOrderOfCreation) {
  std::vector<std::string> created;
  created.reserve(5);
  for (int i = 0; i < 5; ++i) {
    created.push_back(client().Create(CaptureOf("lo")).name());
  }
  EXPECT_EQ(NamesOf(client().List()), created);
  EXPECT_EQ(ListInPages(2), created);
  EXPECT_EQ(ListInPages(5), created);
  v1::ListCapturesRequest request;
  v1::ListCapturesResponse response;
  request.set_page_size(-1);
  EXPECT_EQ(client().Call(&Stub::ListCaptures, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.set_page_size(1);
  request.set_page_token("none of ours");
  EXPECT_EQ(client().Call(&Stub::ListCaptures, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

// Times that end in zeros are written with fewer digits.
TEST_F(CaptureTest, IsListedInTheOrderOfCreationWhateverTheTimeIs) {
  const std::vector<std::pair<int, int>> times = {{999'999'999, 0},
                                                  {1'000'000'000, 0},
                                                  {1'000'000'000, 5},
                                                  {1'000'000'000, 123'000'000},
                                                  {1'000'000'000, 123'456'000},
                                                  {1'000'000'000, 123'456'789},
                                                  {1'000'000'001, 0}};
  std::vector<std::string> names;
  for (const auto& [seconds, nanos] : times) {
    v1::Capture capture;
    // The names are in the opposite order of the times.
    capture.set_name("captures/" + std::string(31, 'a') +
                     static_cast<char>('9' - names.size()));
    capture.set_state(v1::CAPTURE_STATE_STOPPED);
    capture.mutable_create_time()->set_seconds(seconds);
    capture.mutable_create_time()->set_nanos(nanos);
    capture.mutable_stopped()->set_reason(v1::STOP_REASON_REQUESTED);
    daemon().store().Write(
        capture.name() + "/.journal",
        server::EncodeHistory(server::CaptureHistory(capture)));
    names.push_back(capture.name());
  }
  daemon().Restart();
  Connect();
  EXPECT_EQ(NamesOf(client().List()), names);
  EXPECT_EQ(ListInPages(2), names);
}

TEST_F(CaptureTest, IsCreatedOnceForARequestThatIsRepeated) {
  const std::string name = CreateWithId("mine").name();
  EXPECT_EQ(CreateWithId("mine").name(), name);
  EXPECT_EQ(CreateWithId("mine").request_id(), "mine");
  EXPECT_NE(CreateWithId("another").name(), name);
  client().Stop(name);
  EXPECT_EQ(CreateWithId("mine").name(), name) << "it still exists";
  EXPECT_TRUE(client().Delete(name, true).ok());
  EXPECT_NE(CreateWithId("mine").name(), name);
}

TEST_F(CaptureTest, IsCreatedOnceForRequestsAtTheSameTime) {
  std::set<std::string> names;
  for (const v1::Capture& capture :
       AtOnce(4, [this] { return CreateWithId("mine"); })) {
    EXPECT_EQ(capture.state(), v1::CAPTURE_STATE_RUNNING);
    names.insert(capture.name());
  }
  EXPECT_EQ(names.size(), 1u);
  EXPECT_EQ(client().List().size(), 1u);
}

TEST_F(CaptureTest, IsDeletedWithItsFiles) {
  const v1::Capture capture = client().Create(CaptureOfPackets(1));
  ExpectDetail(client().Delete(capture.name(), true),
               grpc::StatusCode::FAILED_PRECONDITION, "CAPTURE_RUNNING");
  SendUdp({});
  client().WaitForEnd(capture.name());
  EXPECT_TRUE(std::filesystem::exists(FolderOf(capture)));
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
  EXPECT_FALSE(std::filesystem::exists(FolderOf(capture)));
  EXPECT_TRUE(client().List().empty());
  for (const grpc::Status& status : {client().TryGet(capture.name()),
                                     client().Delete(capture.name(), true)}) {
    ExpectDetail(status, grpc::StatusCode::NOT_FOUND, "CAPTURE_NOT_FOUND");
  }
}

TEST_F(CaptureTest, IsDeletedWithoutItsFiles) {
  const v1::Capture capture = client().Create(CaptureOfPackets(1));
  SendUdp({});
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_TRUE(client().Delete(capture.name(), false).ok());
  EXPECT_TRUE(client().List().empty());
  EXPECT_EQ(NumbersOf(ReadStoredPackets(PathOf(ended.current_file()))),
            Range(1, 1));
  v1::DissectRequest request;
  request.set_file(ended.current_file().file());
  EXPECT_EQ(Dissect(channel(), request).Frames().size(), 1u);
  daemon().Restart();
  Connect();
  EXPECT_TRUE(client().List().empty());
}

TEST_F(CaptureTest, FilesThatItLeavesCanBeDeleted) {
  v1::CaptureOptions options = CaptureOfPackets(20);
  options.mutable_ring()->set_packets(10);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 20});
  client().WaitForEnd(capture.name());
  const std::vector<v1::CaptureFile> files = client().Files(capture.name());
  ASSERT_EQ(files.size(), 2u);
  const auto stub = v1::FileService::NewStub(channel());
  const auto remove = [&](const v1::CaptureFile& file) {
    grpc::ClientContext context;
    v1::DeleteFileRequest request;
    request.set_name(file.file());
    v1::DeleteFileResponse response;
    return stub->DeleteFile(&context, request, &response);
  };
  const auto is_deletable = [&](const v1::CaptureFile& file) {
    grpc::ClientContext context;
    v1::GetFileRequest request;
    request.set_name(file.file());
    v1::GetFileResponse response;
    EXPECT_TRUE(stub->GetFile(&context, request, &response).ok());
    return response.file().deletable();
  };
  ExpectDetail(remove(files[0]), grpc::StatusCode::FAILED_PRECONDITION,
               "FILE_READ_ONLY");
  EXPECT_FALSE(is_deletable(files[0]));
  EXPECT_TRUE(client().Delete(capture.name(), false).ok());
  EXPECT_TRUE(is_deletable(files[0]));
  EXPECT_TRUE(remove(files[0]).ok());
  const std::string note = daemon().store().path() + "/.owners/";
  EXPECT_TRUE(std::filesystem::exists(note + capture.name()));
  EXPECT_TRUE(std::filesystem::exists(FolderOf(capture)));
  EXPECT_TRUE(remove(files[1]).ok());
  EXPECT_FALSE(std::filesystem::exists(note + capture.name()));
  EXPECT_FALSE(std::filesystem::exists(FolderOf(capture)));
}

TEST_F(CaptureTest, LeavesNothingIfItCannotStart) {
  v1::CaptureOptions unknown = CaptureOf("nosuch0");
  v1::CaptureOptions bad_filter = CaptureOf("lo");
  *bad_filter.add_interfaces() = bad_filter.interfaces(0);
  bad_filter.mutable_interfaces(1)->set_capture_filter("no such filter");
  v1::CaptureOptions link_type = CaptureOf("lo");
  link_type.mutable_interfaces(0)->set_link_type("IEEE802_11");
  v1::CaptureOptions endless_ring = CaptureOf("lo");
  endless_ring.mutable_ring()->set_files(2);
  v1::CaptureOptions pcap = CaptureOf("lo");
  *pcap.add_interfaces() = pcap.interfaces(0);
  pcap.set_format(v1::CAPTURE_FORMAT_PCAP);
  v1::CaptureOptions folder = CaptureOf("lo");
  folder.set_file_name("../x.pcapng");
  ExpectDetail(client().TryCreate(unknown), grpc::StatusCode::NOT_FOUND,
               "INTERFACE_NOT_FOUND");
  const grpc::Status status = client().TryCreate(bad_filter);
  ExpectDetail(status, grpc::StatusCode::INVALID_ARGUMENT,
               "CAPTURE_FILTER_INVALID");
  EXPECT_NE(status.error_message().find("syntax error"), std::string::npos)
      << status.error_message();
  ExpectDetail(client().TryCreate(link_type),
               grpc::StatusCode::FAILED_PRECONDITION, "LINK_TYPE_UNSUPPORTED");
  for (const v1::CaptureOptions& options : {endless_ring, pcap}) {
    ExpectDetail(client().TryCreate(options),
                 grpc::StatusCode::INVALID_ARGUMENT, "CAPTURE_OPTION_INVALID");
  }
  ExpectDetail(client().TryCreate(folder), grpc::StatusCode::INVALID_ARGUMENT,
               "FILE_NAME_INVALID");
  const VethPair veth("v0", "v1");
  ExpectDetail(client().TryCreate(CaptureOf("v1")),
               grpc::StatusCode::FAILED_PRECONDITION, "INTERFACE_DOWN");
  EXPECT_TRUE(client().List().empty());
  EXPECT_TRUE(std::filesystem::is_empty(daemon().store().path() + "/captures"));
}

}  // namespace
}  // namespace dissectd
