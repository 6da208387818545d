// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/session_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "bench/client.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "dissectd/v1/session.grpc.pb.h"

namespace dissectd {
namespace {

// How many different frames, and pages of each list, clients ask for.
constexpr size_t kDifferent = 32;
// The lines of a page.
constexpr uint32_t kPage = 50;

void Expect(const grpc::Status& status, const char* what) {
  if (!status.ok()) Fail(std::string(what) + ": " + status.error_message());
}

v1::Session Open(v1::SessionService::Stub* stub, const std::string& file) {
  v1::OpenSessionRequest request;
  request.set_file("files/" + file);
  grpc::ClientContext context;
  const auto reader = stub->OpenSession(&context, request);
  v1::OpenSessionResponse message;
  v1::Session session;
  while (reader->Read(&message)) {
    if (message.has_session()) session = message.session();
  }
  Expect(reader->Finish(), "OpenSession");
  return session;
}

void Close(v1::SessionService::Stub* stub, const std::string& session) {
  v1::CloseSessionRequest request;
  request.set_name(session);
  grpc::ClientContext context;
  v1::CloseSessionResponse response;
  Expect(stub->CloseSession(&context, request, &response), "CloseSession");
}

std::string GetFrame(v1::SessionService::Stub* stub, const std::string& session,
                     uint32_t number) {
  v1::GetFrameRequest request;
  request.set_session(session);
  request.set_frame_number(number);
  v1::View* view = request.mutable_view();
  view->set_tree(v1::TREE_DETAIL_FULL);
  view->set_labels(true);
  view->set_bytes(v1::BYTE_DETAIL_ALL_SOURCES);
  view->mutable_columns()->set_use_profile_columns(true);
  grpc::ClientContext context;
  v1::GetFrameResponse response;
  Expect(stub->GetFrame(&context, request, &response), "GetFrame");
  return response.SerializeAsString();
}

v1::ListFramesResponse ListFrames(v1::SessionService::Stub* stub,
                                  const std::string& session,
                                  const std::string& filter, uint32_t position,
                                  uint32_t limit) {
  v1::ListFramesRequest request;
  request.set_session(session);
  request.set_display_filter(filter);
  request.set_first_position(position);
  request.set_limit(limit);
  grpc::ClientContext context;
  v1::ListFramesResponse response;
  Expect(stub->ListFrames(&context, request, &response), "ListFrames");
  return response;
}

// A question, and the answer that a lone client got.
struct Question {
  bool is_page;
  // The number of the frame, or the first position of the page.
  uint32_t place;
  std::string answer;
};

std::string Ask(v1::SessionService::Stub* stub, const std::string& session,
                const std::string& filter, const Question& question) {
  if (!question.is_page) return GetFrame(stub, session, question.place);
  return ListFrames(stub, session, filter, question.place, kPage)
      .SerializeAsString();
}

std::vector<Question> AskAlone(v1::SessionService::Stub* stub,
                               const v1::Session& session,
                               const std::string& filter) {
  const uint32_t listed =
      ListFrames(stub, session.name(), filter, 0, 1).total();
  if (listed == 0) Fail("no frame passes the filter");
  std::mt19937 random(1);
  std::uniform_int_distribution<uint32_t> frames(1, session.frames());
  std::uniform_int_distribution<uint32_t> positions(0, listed - 1);
  std::vector<Question> questions;
  for (size_t i = 0; i < kDifferent; ++i) {
    questions.push_back({false, frames(random), ""});
    questions.push_back({true, positions(random), ""});
  }
  for (Question& question : questions) {
    question.answer = Ask(stub, session.name(), filter, question);
  }
  return questions;
}

// How long each kind of question took.
struct Times {
  std::vector<double> frames;
  std::vector<double> pages;

  void Add(const Times& other) {
    frames.insert(frames.end(), other.frames.begin(), other.frames.end());
    pages.insert(pages.end(), other.pages.begin(), other.pages.end());
  }
};

Times AskMixed(const std::string& server, const std::string& session,
               const SessionLoad& load, const std::vector<Question>& questions,
               uint32_t seed) {
  const auto stub = v1::SessionService::NewStub(Connect(server));
  std::mt19937 random(seed);
  std::uniform_int_distribution<size_t> which(0, questions.size() - 1);
  std::uniform_int_distribution<uint32_t> pauses(0, 2 * load.pause_ms);
  Times times;
  for (size_t call = 0; call < load.calls; ++call) {
    std::this_thread::sleep_for(std::chrono::milliseconds(pauses(random)));
    const Question& question = questions[which(random)];
    const Clock::time_point began = Clock::now();
    const std::string answer = Ask(stub.get(), session, load.filter, question);
    (question.is_page ? times.pages : times.frames)
        .push_back(SecondsSince(began));
    if (answer != question.answer) Fail("an answer isn't the lone client's");
  }
  return times;
}

// Runs statistics again and again until it is destroyed.
class StatisticsRuns {
 public:
  StatisticsRuns(const std::string& server, const std::string& session)
      : stub_(v1::AnalysisService::NewStub(Connect(server))),
        thread_([this, session] { Run(session); }) {}
  ~StatisticsRuns() {
    stopping_ = true;
    thread_.join();
  }
  StatisticsRuns(const StatisticsRuns&) = delete;
  StatisticsRuns& operator=(const StatisticsRuns&) = delete;

  size_t count() const { return count_; }

 private:
  void Run(const std::string& session) {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_session(session);
    request.add_reports()->set_argument("io,phs");
    request.add_reports()->set_argument("conv,ip");
    while (!stopping_) {
      grpc::ClientContext context;
      const auto reader = stub_->RunStatistics(&context, request);
      v1::RunStatisticsResponse message;
      while (reader->Read(&message)) {
        if (stopping_) context.TryCancel();
      }
      const grpc::Status status = reader->Finish();
      if (stopping_) return;
      Expect(status, "RunStatistics");
      ++count_;
    }
  }

  const std::unique_ptr<v1::AnalysisService::Stub> stub_;
  std::atomic<bool> stopping_ = false;
  std::atomic<size_t> count_ = 0;
  std::thread thread_;
};

// Measures many clients that ask one session at the same time, while statistics
// are made. Each answer must equal the one that a lone client got before.
void MeasureMixed(const std::string& server, const SessionLoad& load) {
  const auto stub = v1::SessionService::NewStub(Connect(server));
  const Clock::time_point opened = Clock::now();
  const v1::Session session = Open(stub.get(), load.file);
  const double opening = SecondsSince(opened);
  const std::vector<Question> questions =
      AskAlone(stub.get(), session, load.filter);
  Times times;
  size_t runs = 0;
  const Clock::time_point began = Clock::now();
  {
    const StatisticsRuns statistics(server, session.name());
    std::vector<Times> of_clients(load.clients);
    std::vector<std::thread> threads;
    threads.reserve(load.clients);
    for (size_t i = 0; i < load.clients; ++i) {
      threads.emplace_back([&, i] {
        of_clients[i] = AskMixed(server, session.name(), load, questions,
                                 static_cast<uint32_t>(i));
      });
    }
    for (std::thread& thread : threads) thread.join();
    runs = statistics.count();
    for (const Times& some : of_clients) times.Add(some);
  }
  const double seconds = SecondsSince(began);
  Close(stub.get(), session.name());
  std::printf(
      "{\"frames\": %u, \"open_seconds\": %.6f, \"seconds\": %.6f, "
      "\"statistics\": %zu, \"calls\": %zu, "
      "\"frame_p50\": %.6f, \"frame_p95\": %.6f, "
      "\"page_p50\": %.6f, \"page_p95\": %.6f}\n",
      session.frames(), opening, seconds, runs,
      times.frames.size() + times.pages.size(), Quantile(times.frames, 0.5),
      Quantile(times.frames, 0.95), Quantile(times.pages, 0.5),
      Quantile(times.pages, 0.95));
}

// Measures a lone client that scrolls through a filtered packet list.
void MeasurePages(const std::string& server, const SessionLoad& load) {
  const auto stub = v1::SessionService::NewStub(Connect(server));
  const Clock::time_point opened = Clock::now();
  const v1::Session session = Open(stub.get(), load.file);
  const double opening = SecondsSince(opened);
  const Clock::time_point began = Clock::now();
  const uint32_t listed =
      ListFrames(stub.get(), session.name(), load.filter, 0, kPage).total();
  const double first = SecondsSince(began);
  std::mt19937 random(1);
  std::uniform_int_distribution<uint32_t> positions(0, listed - 1);
  std::vector<double> later;
  for (size_t call = 0; call < load.calls; ++call) {
    const Clock::time_point asked = Clock::now();
    ListFrames(stub.get(), session.name(), load.filter, positions(random),
               kPage);
    later.push_back(SecondsSince(asked));
  }
  Close(stub.get(), session.name());
  std::printf(
      "{\"frames\": %u, \"listed\": %u, \"open_seconds\": %.6f, "
      "\"first_seconds\": %.6f, \"page_p50\": %.6f, \"page_p95\": %.6f}\n",
      session.frames(), listed, opening, first, Quantile(later, 0.5),
      Quantile(later, 0.95));
}

void AddLoadOptions(CLI::App* mode, SessionLoad* load) {
  mode->add_option("file", load->file, "A capture of the store")->required();
  mode->add_option("--filter", load->filter);
  mode->add_option("--calls", load->calls)->check(CLI::PositiveNumber);
}

}  // namespace

void AddSessionModes(CLI::App* app, const std::string* server,
                     SessionLoad* load) {
  CLI::App* mixed = app->add_subcommand(
      "session", "Times clients of one session, while it makes statistics");
  AddLoadOptions(mixed, load);
  mixed->add_option("--clients", load->clients)->check(CLI::PositiveNumber);
  mixed->add_option("--pause", load->pause_ms, "Milliseconds");
  mixed->callback([=] { MeasureMixed(*server, *load); });
  CLI::App* pages = app->add_subcommand(
      "pages", "Times the pages of a filtered packet list of a session");
  AddLoadOptions(pages, load);
  pages->callback([=] { MeasurePages(*server, *load); });
}

}  // namespace dissectd
