// SPDX-License-Identifier: GPL-2.0-or-later

// Calls dissectd as busy clients do: for packet lists, live captures, and the
// registry. Prints the measurements as one line of JSON.

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/sync_stream.h>
#include <sys/types.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/catalog_client.h"
#include "bench/client.h"
#include "bench/datagrams.h"
#include "bench/form_client.h"
#include "bench/live_client.h"
#include "bench/session_client.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/dissection.pb.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

v1::DissectRequest PacketList(const std::string& file) {
  v1::DissectRequest request;
  request.set_file("files/" + file);
  request.mutable_view()->mutable_columns()->set_use_profile_columns(true);
  return request;
}

// Reads a whole stream. Returns the number of frames.
uint64_t Dissect(const ChannelPtr& channel, const std::string& file) {
  const auto stub = v1::DissectionService::NewStub(channel);
  grpc::ClientContext context;
  const auto reader = stub->Dissect(&context, PacketList(file));
  uint64_t frames = 0;
  v1::DissectResponse response;
  while (reader->Read(&response)) {
    frames += static_cast<uint64_t>(response.batch().frames_size());
  }
  const grpc::Status status = reader->Finish();
  if (!status.ok()) Fail(file + ": " + status.error_message());
  return frames;
}

// Measures how long calls take, one after the other.
void MeasureLatency(const std::string& server, const std::string& file,
                    size_t calls) {
  const ChannelPtr channel = Connect(server);
  // The first call also connects the channel.
  Dissect(channel, file);
  std::vector<double> seconds;
  seconds.reserve(calls);
  for (size_t call = 0; call < calls; ++call) {
    const Clock::time_point began = Clock::now();
    Dissect(channel, file);
    seconds.push_back(SecondsSince(began));
  }
  PrintQuantiles(seconds);
}

std::vector<std::string> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// Measures how long many clients take to have all files dissected.
void MeasureFiles(const std::string& server, const std::string& list,
                  size_t clients) {
  const std::vector<std::string> files = ReadLines(list);
  std::vector<ChannelPtr> channels;
  channels.reserve(clients);
  for (size_t i = 0; i < clients; ++i) channels.push_back(Connect(server));
  std::atomic<size_t> next = 0;
  std::atomic<uint64_t> frames = 0;
  const Clock::time_point began = Clock::now();
  std::vector<std::thread> threads;
  threads.reserve(channels.size());
  for (const ChannelPtr& channel : channels) {
    threads.emplace_back([&files, &next, &frames, channel] {
      for (size_t i = next++; i < files.size(); i = next++) {
        frames += Dissect(channel, files[i]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("{\"files\": %zu, \"frames\": %ju, \"seconds\": %.6f}\n",
              files.size(), static_cast<uintmax_t>(frames),
              SecondsSince(began));
}

// Returns the workers of a dissectd-engine and their child processes.
std::vector<pid_t> WorkersOf(pid_t engine) {
  std::vector<pid_t> workers = ChildrenOf(engine);
  for (size_t i = 0; i < workers.size(); ++i) {
    const std::vector<pid_t> children = ChildrenOf(workers[i]);
    workers.insert(workers.end(), children.begin(), children.end());
  }
  return workers;
}

bool AllGone(const std::vector<pid_t>& pids) {
  return std::none_of(pids.begin(), pids.end(),
                      [](pid_t pid) { return kill(pid, 0) == 0; });
}

// Cancels a call in the middle of its dissection. Returns the seconds until the
// call's processes are gone.
double Cancel(const ChannelPtr& channel, const std::string& file,
              pid_t engine) {
  const auto stub = v1::DissectionService::NewStub(channel);
  grpc::ClientContext context;
  const auto reader = stub->Dissect(&context, PacketList(file));
  v1::DissectResponse response;
  while (reader->Read(&response) && !response.has_batch()) {
  }
  const std::vector<pid_t> workers = WorkersOf(engine);
  if (workers.empty()) Fail(file + " is dissected before it's cancelled");
  const Clock::time_point began = Clock::now();
  context.TryCancel();
  while (!AllGone(workers)) {
    if (Clock::now() - began > kTimeout) Fail("a worker outlives its call");
    std::this_thread::sleep_for(kPollInterval);
  }
  const double seconds = SecondsSince(began);
  while (reader->Read(&response)) {
  }
  reader->Finish();
  return seconds;
}

void MeasureCancelling(const std::string& server, const std::string& file,
                       size_t calls, pid_t daemon) {
  const std::vector<pid_t> engines = ChildrenOf(daemon);
  if (engines.size() != 1) Fail("the daemon has no dissectd-engine");
  const ChannelPtr channel = Connect(server);
  std::vector<double> seconds;
  seconds.reserve(calls);
  for (size_t call = 0; call < calls; ++call) {
    seconds.push_back(Cancel(channel, file, engines[0]));
  }
  PrintQuantiles(seconds);
}

void AddDatagrams(CLI::App* command, Datagrams* datagrams) {
  command->add_option("--port", datagrams->port)->required();
  command->add_option("--count", datagrams->count)->required();
  command->add_option("--rate", datagrams->rate, "Datagrams per second")
      ->required()
      ->check(CLI::PositiveNumber);
  command->add_option("--size", datagrams->size);
  command->add_flag("--uneven", datagrams->uneven,
                    "Sends each at a random time within its interval");
}

void AddLiveModes(CLI::App* app, std::string* server, Datagrams* datagrams,
                  size_t* clients, bool* same_view) {
  CLI::App* send = app->add_subcommand("send", "Only sends datagrams");
  AddDatagrams(send, datagrams);
  send->callback([=] { SendOrFail(*datagrams); });

  CLI::App* live = app->add_subcommand(
      "live", "Times datagrams from their sender to a client");
  AddDatagrams(live, datagrams);
  live->callback([=] { MeasureLive(*server, *datagrams); });

  CLI::App* follow = app->add_subcommand(
      "follow", "Has clients follow a capture of datagrams");
  AddDatagrams(follow, datagrams);
  follow->add_option("--clients", *clients)->check(CLI::PositiveNumber);
  follow->add_flag("--same-view", *same_view);
  follow->callback(
      [=] { MeasureFollowers(*server, *datagrams, *clients, *same_view); });
}

void AddCatalogModes(CLI::App* app, std::string* server,
                     std::vector<std::string>* texts) {
  CLI::App* registry =
      app->add_subcommand("registry", "Times the stream of all fields");
  registry->callback([=] { MeasureRegistry(*server); });

  CLI::App* complete =
      app->add_subcommand("complete", "Times completions of filters");
  complete->add_option("texts", *texts, "Filters, typed letter by letter")
      ->required();
  complete->callback([=] { MeasureCompletion(*server, *texts); });
}

int Main(int argc, char** argv) {
  CLI::App app("Measures dissectd as its clients see it.");
  app.require_subcommand(1);
  std::string server;
  app.add_option("--server", server, "unix:/PATH or HOST:PORT");
  std::string file;
  size_t calls = 200;
  pid_t daemon = 0;
  size_t threads = 16;

  CLI::App* latency =
      app.add_subcommand("latency", "Times calls, one after the other");
  latency->add_option("file", file, "A capture of the store")->required();
  latency->add_option("--calls", calls)->check(CLI::PositiveNumber);
  latency->callback([&] { MeasureLatency(server, file, calls); });

  CLI::App* files = app.add_subcommand(
      "files", "Times clients that have many files dissected");
  files->add_option("list", file, "A text with a name of a file on each line")
      ->required()
      ->check(CLI::ExistingFile);
  files->add_option("--threads", threads, "Clients that call at a time")
      ->check(CLI::PositiveNumber);
  files->callback([&] { MeasureFiles(server, file, threads); });

  CLI::App* cancel = app.add_subcommand(
      "cancel", "Times from cancelling a call to the end of its worker");
  cancel->add_option("file", file, "A large capture of the store")->required();
  cancel->add_option("--calls", calls)->check(CLI::PositiveNumber);
  cancel->add_option("--daemon-pid", daemon, "Whose processes to look at")
      ->required();
  cancel->callback([&] { MeasureCancelling(server, file, calls, daemon); });

  std::string form;
  std::vector<std::string> fields;
  CLI::App* read = app.add_subcommand("read", "Times the call for a capture");
  read->add_option("form", form, "How frames are sent")
      ->required()
      ->check(CLI::IsMember({"plain", "compact", "columnar"}));
  read->add_option("file", file, "A capture of the store")->required();
  read->add_option("fields", fields, "Fields to read; full trees without");
  read->callback([&] { MeasureForm(server, form, file, fields); });

  Datagrams datagrams;
  size_t clients = 20;
  bool same_view = false;
  AddLiveModes(&app, &server, &datagrams, &clients, &same_view);
  std::vector<std::string> texts;
  AddCatalogModes(&app, &server, &texts);
  SessionLoad load;
  AddSessionModes(&app, &server, &load);
  CLI11_PARSE(app, argc, argv);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace dissectd

int main(int argc, char** argv) { return dissectd::Main(argc, argv); }
